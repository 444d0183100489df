package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    private static float[] inputs(Examples rows) {
        int width = rows.inputShape().size();
        float[] all = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            rows.copyInput(i, all, i * width);
        }
        return all;
    }

    private static float[] targets(Examples rows) {
        float[] all = new float[rows.size()];
        for (int i = 0; i < all.length; i++) {
            rows.copyTarget(i, all, i);
        }
        return all;
    }

    /** Mean and deviation of one input. */
    private static double[] moments(float[] inputs, int width, int input) {
        double sum = 0;
        double squares = 0;
        int count = inputs.length / width;
        for (int i = 0; i < count; i++) {
            sum += inputs[i * width + input];
            squares += inputs[i * width + input] * (double) inputs[i * width + input];
        }
        return new double[] {sum / count, Math.sqrt(squares / count - sum / count * (sum / count))};
    }

    @Test
    void sitesAreTheSameOnceMoreAndOtherwiseWithAnotherSeed() {
        for (List<Generator> pair : List.of(
                List.<Generator>of(
                        new SyntheticGenerator(5, 1, 1, false, .2, 3), new SyntheticGenerator(5, 1, 1, false, .2, 4)),
                List.<Generator>of(
                        new ClusteredGenerator(5, 4, 6, List.of(.5, .5), .2, 3),
                        new ClusteredGenerator(5, 4, 6, List.of(.5, .5), .2, 4)),
                List.<Generator>of(records(3), records(4)))) {
            Map<SiteId, LocalDataset> sites = pair.get(0).generate();
            Map<SiteId, LocalDataset> again = pair.get(0).generate();
            assertThat(sites).hasSize(5).containsKey(new SiteId("site-1"));
            for (SiteId site : sites.keySet()) {
                LocalDataset one =
                        sites.getOrDefault(site, sites.values().iterator().next());
                LocalDataset other =
                        again.getOrDefault(site, again.values().iterator().next());
                assertThat(inputs(one.train())).isEqualTo(inputs(other.train()));
                assertThat(targets(one.test())).isEqualTo(targets(other.test()));
                int size = one.train().size() + one.test().size();
                assertThat(one.test().size()).isEqualTo((int) Math.round(.2 * size));
            }
            assertThat(inputs(pair.get(1).rows(0)))
                    .isNotEqualTo(inputs(pair.get(0).rows(0)));
        }
    }

    private static HealthRecordGenerator records(long seed) {
        return new HealthRecordGenerator(5, 400, .2, .5, .7, 1, .3, 1, .2, seed);
    }

    @Test
    void syntheticInputsSpreadAsPublished() {
        // One site of many rows: draw until there is one.
        SyntheticGenerator generator = new SyntheticGenerator(60, 1, 1, false, .2, 1);
        Examples large = generator.rows(0);
        for (int i = 1; i < 60; i++) {
            large = generator.rows(i).size() > large.size() ? generator.rows(i) : large;
        }
        assertThat(large.size()).isGreaterThan(1500);
        for (int j : new int[] {0, 9, 59}) {
            double deviation = Math.pow(j + 1, -.6);
            double[] moments = moments(inputs(large), 60, j);
            assertThat(moments[1]).isCloseTo(deviation, within(5 * deviation / Math.sqrt(2.0 * large.size())));
        }
        for (float target : targets(large)) {
            assertThat(target).isBetween(0f, 9f);
        }
    }

    @Test
    void alphaTellsModelsApartAndBetaRows() {
        assertThat(centres(0)).isLessThan(.5);
        assertThat(centres(3)).isGreaterThan(1.5);
        SyntheticGenerator alike = new SyntheticGenerator(20, 0, 0, true, .2, 1);
        double[] means = new double[20];
        for (int i = 0; i < 20; i++) {
            means[i] = moments(inputs(alike.rows(i)), 60, 59)[0];
        }
        assertThat(Arrays.stream(means).map(Math::abs).max().orElseThrow()).isLessThan(.1);
        assertThatThrownBy(() -> new SyntheticGenerator(3, 1, 0, true, .2, 1)).hasMessageContaining("alike");
    }

    @Test
    void modelsOfOneClusterAreAlikeAndClustersAsLikelyAsAsked() {
        ClusteredGenerator generator = new ClusteredGenerator(2000, 3, 20, List.of(.7, .2, .1), .2, 6);
        int[] members = new int[3];
        for (int i = 0; i < 2000; i++) {
            members[generator.clusterOf(i)]++;
            assertThat(generator.rows(i).size()).isBetween(5, 1000);
        }
        // Four deviations of a count.
        assertThat(members[0]).isCloseTo(1400, within(82));
        assertThat(members[1]).isCloseTo(400, within(72));
        DoubleSummaryStatistics within = new DoubleSummaryStatistics();
        DoubleSummaryStatistics between = new DoubleSummaryStatistics();
        for (int i = 0; i < 60; i++) {
            for (int j = 0; j < i; j++) {
                boolean together = generator.clusterOf(i) == generator.clusterOf(j);
                (together ? within : between).accept(distance(generator.weights(i), generator.weights(j)));
            }
        }
        assertThat(within.getAverage()).isLessThan(between.getAverage() / 3);
        assertThatThrownBy(() -> new ClusteredGenerator(3, 2, 4, List.of(.5, .6), .2, 1))
                .hasMessage("clusters must be one or more numbers > 0 whose sum is 1. Provided value: [0.5, 0.6]");
    }

    private static double distance(double[][] one, double[][] other) {
        double squares = 0;
        for (int k = 0; k < one.length; k++) {
            for (int j = 0; j < one[k].length; j++) {
                squares += (one[k][j] - other[k][j]) * (one[k][j] - other[k][j]);
            }
        }
        return Math.sqrt(squares);
    }

    /** The deviation over sites of the mean of all inputs. */
    private static double centres(double beta) {
        SyntheticGenerator generator = new SyntheticGenerator(40, 0, beta, false, .2, 1);
        double squares = 0;
        for (int i = 0; i < 40; i++) {
            double sum = 0;
            float[] all = inputs(generator.rows(i));
            for (float value : all) {
                sum += value;
            }
            squares += sum / all.length * (sum / all.length) / 40;
        }
        return Math.sqrt(squares);
    }

    @Test
    void hospitalsDifferInWhatIsAskedAndInNothingElse() {
        HealthRecordGenerator alike = new HealthRecordGenerator(8, 4000, .2, 0, .7, 0, .3, 0, .2, 1);
        HealthRecordGenerator unlike = new HealthRecordGenerator(8, 4000, .2, 1, .7, 1, .3, 1, .2, 1);
        int measured = 2 + 4 + 6;
        int written = measured + 6;
        assertThat(spread(alike, -1)).isLessThan(.03);
        assertThat(spread(unlike, -1)).isGreaterThan(.08);
        for (int column : new int[] {measured, written}) {
            assertThat(spread(alike, column)).as("column " + column).isLessThan(.02);
            assertThat(spread(unlike, column)).as("column " + column).isGreaterThan(.03);
        }
        assertThat(spread(unlike, 0)).as("age").isLessThan(.06);
        float[] rows = inputs(unlike.rows(0));
        for (int i = 0; i < rows.length; i += HealthRecordGenerator.INPUTS) {
            for (int j = 0; j < 6; j++) {
                assertThat(rows[i + measured + j] == 0).isEqualTo(rows[i + 6 + j] == 0);
            }
        }
    }

    /** The deviation over hospitals of the mean of an input, or of the outcome. */
    private static double spread(HealthRecordGenerator generator, int column) {
        double[] means = new double[generator.sites()];
        for (int i = 0; i < means.length; i++) {
            Examples rows = generator.rows(i);
            means[i] = column < 0
                    ? moments(targets(rows), 1, 0)[0]
                    : moments(inputs(rows), HealthRecordGenerator.INPUTS, column)[0];
        }
        double mean = Arrays.stream(means).average().orElseThrow();
        return Math.sqrt(Arrays.stream(means)
                .map(it -> (it - mean) * (it - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void aStudyTrainsOnMadeUpHospitals(@TempDir Path folder) throws Exception {
        String text = StudyTest.TWELVE_CELLS
                .replaceAll("(?s)data: .*model:\n  input: \\[5]\n.*?loss: [a-z-]+", """
                        data: {generated: {health-records: {sites: 6, rows: 300, seed: 5}}}
                        model:
                          input: [26]
                          layers:
                            - dense: {units: 1}
                        loss: binary-cross-entropy-with-logits""")
                .replace("[1, 2, 3]", "[1]");
        List<CellResult> results = StudyTest.run(StudyTest.study(folder, text), folder.resolve("out"), 2);
        assertThat(results).allSatisfy(result -> assertThat(result.last()).isGreaterThan(.75));
        assertThatThrownBy(() -> StudyTest.study(folder, text.replace("[26]", "[25]")))
                .hasMessageContaining("model: its input must have the shape of the rows, [26]. Provided value: [25].");
        assertThatThrownBy(() -> StudyTest.study(folder, text.replace("rows: 300", "rows: 0, missing: 1")))
                .hasMessageContaining("data.generated.health-records.rows")
                .hasMessageContaining("data.generated.health-records.missing: must be a number > 0 and < 1");
    }
}
