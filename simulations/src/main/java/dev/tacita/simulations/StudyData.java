package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The data of a study. */
sealed interface StudyData {
    /** One set of rows. */
    record ToBeDealt(LocalDataset rows) implements StudyData {
        @Override
        public List<String> features() {
            return rows.features();
        }

        @Override
        public boolean lacksNumbers() {
            return StudyData.lacksNumbers(rows.train()) || StudyData.lacksNumbers(rows.test());
        }
    }

    /**
     * Sites as they are.
     *
     * @param features as the first site names them
     */
    record OfSites(Population population, List<String> features) implements StudyData {
        static OfSites of(Map<SiteId, ? extends LocalDataset> sites) {
            return of(sites, Map.of());
        }

        /** @param regions of sites that are in one */
        static OfSites of(Map<SiteId, ? extends LocalDataset> sites, Map<SiteId, String> regions) {
            Population population = Population.natural(sites, regions);
            return new OfSites(
                    population, new TreeMap<>(sites).firstEntry().getValue().features());
        }

        @Override
        public boolean lacksNumbers() {
            return IntStream.range(0, population.size())
                            .mapToObj(population::train)
                            .anyMatch(StudyData::lacksNumbers)
                    || population.tests().stream().anyMatch(StudyData::lacksNumbers);
        }
    }

    /** Names of the numbers of an input; empty where they have none. */
    List<String> features();

    /** Whether a number of an input is missing: NaN. */
    boolean lacksNumbers();

    private static boolean lacksNumbers(Examples rows) {
        float[] input = new float[rows.inputShape().size()];
        for (int row = 0; row < rows.size(); row++) {
            rows.copyInput(row, input, 0);
            for (float number : input) {
                if (Float.isNaN(number)) {
                    return true;
                }
            }
        }
        return false;
    }
}
