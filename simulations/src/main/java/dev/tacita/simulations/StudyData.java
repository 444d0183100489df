package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.LocalDataset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The data of a study. */
sealed interface StudyData {
    /** One set of rows. */
    record ToBeDealt(LocalDataset rows) implements StudyData {
        @Override
        public List<String> features() {
            return rows.features();
        }
    }

    /**
     * Sites as they are.
     *
     * @param features as the first site names them
     */
    record OfSites(Population population, List<String> features) implements StudyData {
        static OfSites of(Map<SiteId, ? extends LocalDataset> sites) {
            Population population = Population.natural(sites);
            return new OfSites(
                    population, new TreeMap<>(sites).firstEntry().getValue().features());
        }
    }

    /** Names of the numbers of an input; empty where they have none. */
    List<String> features();
}
