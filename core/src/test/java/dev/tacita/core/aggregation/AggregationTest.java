package dev.tacita.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AggregationTest {
    private static final float[][] ROTATED = {{1, .2f, .5f, 1}, {.2f, .5f, 1, .2f}, {.5f, 1, .2f, .5f}};

    private static final FlTrust FL_TRUST =
            new FlTrust(new ArrayExamples(Shape.of(1), 1, new float[] {1}, new float[] {1}));

    static List<Arguments> vectors() {
        return List.of(
                arguments(
                        "one site twice",
                        new Mean(),
                        weighted(new long[] {1, 2}, row(1, 2, 3), row(1, 2, 3)),
                        row(1, 2, 3)),
                arguments(
                        "mean by weight",
                        new Mean(),
                        weighted(new long[] {1, 2}, row(1, 4), row(29, 17)),
                        row(59 / 3d, 38 / 3d)),
                arguments("mean of scalars", new Mean(), weighted(new long[] {1, 2}, row(1), row(3)), row(7 / 3d)),
                arguments(
                        "mean, weights .5 and 1",
                        new Mean(),
                        weighted(new long[] {1, 2}, row(2, 3, 1.1, .1), row(1, 1, 2.1, .5)),
                        row(4 / 3d, 5 / 3d, 5.3 / 3, 1.1 / 3)),
                arguments("median of three", new CoordinateMedian(), alike(row(.2), row(1), row(.5)), row(.5)),
                arguments(
                        "median, unweighted",
                        new CoordinateMedian(),
                        new Updates(List.of(ROTATED), new long[] {5, 2, 9}),
                        row(.5, .5, .5, .5)),
                arguments(
                        "trimmed mean",
                        new TrimmedMean(.25),
                        alike(row(.5, .5, .5, .5), row(1, .2, .5, 1), row(.2, .5, 1, .2), row(.5, 1, .2, .5)),
                        row(.5, .5, .5, .5)),
                arguments(
                        "trimmed mean of scalars",
                        new TrimmedMean(.25),
                        alike(row(.5), row(1), row(2), row(100)),
                        row(1.5)),
                arguments("krum", new Krum(1), alike(same(.2), same(.7), same(1)), same(.7)),
                arguments("multi-krum", new Krum(1, 2), alike(same(.2), same(.5), same(1)), same(.35)),
                arguments(
                        "bulyan, nobody hostile",
                        new Bulyan(0),
                        alike(same(.2), same(.5), same(.7), same(12), same(.1), same(.1)),
                        same(13.6 / 6)),
                arguments(
                        "bulyan, one hostile",
                        new Bulyan(1),
                        alike(row(.1), row(.2), row(.3), row(.4), row(.5), row(.6), row(100)),
                        row(.4)),
                arguments(
                        "geometric median",
                        new GeometricMedian(),
                        alike(row(0, 0), row(1, 0), row(0, 1), row(100, 100)),
                        row(.5, .5)),
                arguments(
                        "clipped mean",
                        new ClippedMean(1),
                        weighted(new long[] {1, 3}, row(3, 4), row(.5, 0)),
                        row((.6 + 1.5) / 4, .2)),
                arguments(
                        "fltrust, one of three opposed",
                        FL_TRUST,
                        alike(row(6, 8), row(-30, -40), row(10, 0)).withRoot(new float[] {3, 4}),
                        row(3.75, 2.5)),
                arguments(
                        "fltrust of nobody",
                        FL_TRUST,
                        alike(row(-6, -8), row(4, -3), row(0, 0)).withRoot(new float[] {3, 4}),
                        row(0, 0)),
                arguments(
                        "fltrust where nothing was learnt",
                        FL_TRUST,
                        alike(row(1, 2)).withRoot(new float[2]),
                        row(0, 0)),
                arguments("clipped mean of nothing learnt", new ClippedMean(1), alike(row(0, 0)), row(0, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void rulesGiveTheseVectors(String name, Aggregation rule, Updates updates, double[] expected) {
        double[] result = rule.aggregate(updates);
        assertThat(result).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(result[i]).as(name).isCloseTo(expected[i], within(1e-6));
        }
    }

    @Test
    void theNearestToACentreAreTakenTheEarlierOfEquallyNearOnes() {
        double[][] references = {{1, 2}, {1, 2}, {3, 4}};
        assertThat(Nearest.mean(1, new double[] {1, 1.1, 1.2, 1.3}, 2)).isCloseTo(1.05, within(1e-12));
        assertThat(Nearest.mean(2, new double[] {2, 2.1, 2.2, 2.3}, 2)).isCloseTo(2.05, within(1e-12));
        assertThat(Nearest.mean(references[1][0], new double[] {1, 1.1, 1.2, .9}, 2))
                .isCloseTo(.95, within(1e-12));
        assertThat(Nearest.mean(references[1][1], new double[] {2, 2.1, 2.2, 2.5}, 2))
                .isCloseTo(2.05, within(1e-12));
        assertThat(Nearest.mean(references[2][0], new double[] {3, 3.1, 3.2, 3.4}, 2))
                .isCloseTo(3.05, within(1e-12));
        assertThat(Nearest.mean(references[2][1], new double[] {4, 4.1, 4.2, 3.8}, 2))
                .isCloseTo(4.05, within(1e-12));
        assertThat(Nearest.mean(1, new double[] {1, 2, .5}, 2)).isEqualTo(.75);
        assertThat(Nearest.mean(0, new double[] {1, -.5, 10}, 1)).isEqualTo(-.5);
        assertThatThrownBy(() -> Nearest.mean(0, new double[] {1, 2}, 3)).hasMessageContaining("count must be 1 to");
    }

    @Test
    void weiszfeldTakesTheStepsOfThePaperOnItsWay() {
        Updates updates = alike(row(0, 0), row(1, 0), row(0, 1), row(100, 100));
        assertThat(new GeometricMedian(1e-5, 1e-12, 4).aggregate(updates)[0]).isCloseTo(.795468, within(1e-6));
    }

    @Test
    void theGeometricMedianHasTheLeastSumOfDistances() {
        for (long seed = 1; seed <= 30; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            List<float[]> points = new ArrayList<>();
            for (int i = 0; i < 3 + seed % 5; i++) {
                points.add(new float[] {
                    (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
                });
            }
            double[] median = new GeometricMedian().aggregate(Updates.alike(points));
            double least = sumOfDistances(points, median);
            for (int probe = 0; probe < 200; probe++) {
                double[] other = median.clone();
                double size = Math.pow(10, -3 + 3 * random.nextDouble());
                for (int j = 0; j < other.length; j++) {
                    other[j] += size * random.nextGaussian();
                }
                assertThat(sumOfDistances(points, other)).as("seed " + seed).isGreaterThan(least - 1e-5);
            }
        }
    }

    @Test
    void hostileSitesMoveTheMeanAnywhereAndRobustRulesHardly() {
        List<Aggregation> robust = List.of(
                new CoordinateMedian(),
                new TrimmedMean(.25),
                new Krum(2),
                new Krum(2, 5),
                new Bulyan(2),
                new GeometricMedian());
        for (long seed = 1; seed <= 20; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            List<float[]> updates = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                boolean hostile = i % 5 == 2;
                float[] update = new float[20];
                for (int j = 0; j < update.length; j++) {
                    update[j] = (float) ((hostile ? -1000 : 1) + .1 * random.nextGaussian());
                }
                updates.add(update);
            }
            for (Aggregation rule : robust) {
                for (double value : rule.aggregate(Updates.alike(updates))) {
                    assertThat(value).as(rule + ", seed " + seed).isCloseTo(1, within(.5));
                }
            }
            assertThat(new Mean().aggregate(Updates.alike(updates))[0]).isLessThan(-100);
        }
    }

    @Test
    void howManyHostileSitesARuleIsProvenAgainst() {
        assertThat(new Krum(2).provenFrom()).isEqualTo(7);
        assertThat(new Krum(4, 3).provenFrom()).isEqualTo(11);
        assertThat(new Krum(0, 9).provenFrom()).isEqualTo(9);
        assertThat(new Bulyan(2).provenFrom()).isEqualTo(11);
        assertThat(new CoordinateMedian().provenFrom()).isEqualTo(1);
    }

    @Test
    void trustNeedsWhatTheAggregatorLearnt() {
        assertThatThrownBy(() -> FL_TRUST.aggregate(alike(row(1)))).hasMessageContaining("itself learnt");
        assertThatThrownBy(() -> alike(row(1)).withRoot(new float[2])).hasMessageContaining("root update");
        assertThatThrownBy(() -> new FlTrust(ArrayExamples.none(Shape.of(1), 1)))
                .hasMessageContaining("root must have at least one row");
    }

    @Test
    void fewerUpdatesThanARuleStandsOnAreRefused() {
        Updates six = alike(row(1), row(2), row(3), row(4), row(5), row(6));
        assertThatThrownBy(() -> new Bulyan(1).aggregate(six))
                .hasMessage("bulyan needs at least 7 updates. Provided value: 6");
        assertThatThrownBy(() -> new Krum(5).aggregate(six)).hasMessageContaining("krum needs at least 7 updates");
        assertThatThrownBy(() -> new Krum(1, 7).aggregate(six)).hasMessageContaining("multi-krum needs at least 7");
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> new TrimmedMean(.5)).hasMessageContaining("beta must be >= 0 and < 0.5");
        assertThatThrownBy(() -> new Krum(-1)).hasMessageContaining("hostile must be 0 to");
        assertThatThrownBy(() -> new ClippedMean(0)).hasMessageContaining("norm must be > 0");
        assertThatThrownBy(() -> alike(row(1), row(1, 2))).hasMessageContaining("one length");
        assertThatThrownBy(() -> new Updates(List.of(new float[1]), new long[] {0}))
                .hasMessageContaining("weights");
    }

    @Test
    void theMeanIsTheSumOfPartsByWeight() {
        for (long seed = 1; seed <= 10; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            List<float[]> vectors = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                float[] vector = new float[4 * 7 * 3];
                for (int j = 0; j < vector.length; j++) {
                    vector[j] = (float) random.nextGaussian();
                }
                vectors.add(vector);
            }
            double[] mean = new Mean().aggregate(new Updates(vectors, new long[] {25, 40, 35}));
            for (int j = 0; j < mean.length; j++) {
                double expected = .25 * vectors.get(0)[j] + .4 * vectors.get(1)[j] + .35 * vectors.get(2)[j];
                assertThat(mean[j]).as("seed " + seed).isCloseTo(expected, within(1e-12));
            }
        }
    }

    private static double sumOfDistances(List<float[]> points, double[] from) {
        double sum = 0;
        for (float[] point : points) {
            double squares = 0;
            for (int j = 0; j < from.length; j++) {
                squares += (point[j] - from[j]) * (point[j] - from[j]);
            }
            sum += Math.sqrt(squares);
        }
        return sum;
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[] same(double value) {
        return new double[] {value, value, value, value};
    }

    private static Updates alike(double[]... rows) {
        return Updates.alike(floats(rows));
    }

    private static Updates weighted(long[] weights, double[]... rows) {
        return new Updates(floats(rows), weights);
    }

    private static List<float[]> floats(double[]... rows) {
        List<float[]> vectors = new ArrayList<>();
        for (double[] row : rows) {
            float[] vector = new float[row.length];
            for (int i = 0; i < row.length; i++) {
                vector[i] = (float) row[i];
            }
            vectors.add(vector);
        }
        return vectors;
    }
}
