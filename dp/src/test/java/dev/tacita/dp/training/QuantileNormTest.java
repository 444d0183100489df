package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Clipping.Update;
import dev.tacita.dp.mechanism.Seeded;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** B8 of the acceptance scenarios: trajectories without noise are those of TensorFlow Privacy's tests. */
class QuantileNormTest {
    private static final double LN2 = Math.log(2);

    @Test
    void descendsToTheSmallestNormAndStays() {
        follows(
                new Clipping.Quantile(10, 0, 1, 1, Update.ARITHMETIC),
                new double[] {8.5, -7.25},
                new double[] {10, 9, 8, 7.5, 7, 7},
                new double[] {1.25, 1.25, 0.75, 0.25, 0});
        follows(
                new Clipping.Quantile(16, 0, LN2, 1, Update.GEOMETRIC),
                new double[] {5, -2.5},
                new double[] {16, 8, 4, 4 / Math.sqrt(2), 2, 2},
                new double[] {2.5, 2.5, 1.5, 4 / Math.sqrt(2) - 2.5, 0});
    }

    @Test
    void risesToTheLargestNormAndStays() {
        follows(
                new Clipping.Quantile(0, 1, 1, 1, Update.ARITHMETIC),
                new double[] {-1.5, 2.75},
                new double[] {0, 1, 2, 2.5, 3, 3},
                new double[] {0, 0, 0.5, 1, 1.25});
        follows(
                new Clipping.Quantile(0.5, 1, LN2, 1, Update.GEOMETRIC),
                new double[] {-1.5, 3},
                new double[] {0.5, 1, 2, 2 * Math.sqrt(2), 4, 4},
                new double[] {0, 0, 0.5, 2 * Math.sqrt(2) - 1.5, 1.5});
    }

    @ParameterizedTest
    @EnumSource
    void findsTheMedianFromBelowAndFromAbove(Update update) {
        double[] records =
                IntStream.rangeClosed(0, 20).mapToDouble(i -> i / 2.0).toArray();
        for (double first : new double[] {1, 10}) {
            QuantileNorm norm = new QuantileNorm(new Clipping.Quantile(first, 0.5, 1, 1, update));
            for (int step = 1; step <= 100; step++) {
                norm.follow(step(norm.norm(), records).centredCount(), records.length);
                if (step > 40) {
                    assertThat(norm.norm()).as("from %s, step %s", first, step).isCloseTo(5, within(0.25));
                }
            }
        }
    }

    @Test
    void movesByTheFractionWithinTheNormAndNotByTheFractionBeyond() {
        QuantileNorm norm = new QuantileNorm(new Clipping.Quantile(0.1, 0.5, 0.2, 1, Update.GEOMETRIC));
        for (int round = 0; round < 50; round++) {
            norm.follow(norm.norm() >= 5 ? 10 : -10, 20);
        }
        // The rule with the sign turned ends at 6.7e-4.
        assertThat(norm.norm()).isCloseTo(5.46, within(0.005));
    }

    @Test
    void convergesFromBelowToTheMedianOfTwentyClientsInSpiteOfNoise() {
        Random random = new Random(6);
        double[] records = random.doubles(20, 1, 9).sorted().toArray();
        Clipping.Quantile terms = new Clipping.Quantile(0.1, 0.5, 0.2, 1, Update.GEOMETRIC);
        QuantileNorm norm = new QuantileNorm(terms);
        var noise = Seeded.gaussian(QuantileNorm.countMultiplier(terms), QuantileNorm.COUNT_SENSITIVITY, 1, 61);
        double mean = 0;
        for (int round = 0; round < 300; round++) {
            norm.follow(noise.release(step(norm.norm(), records).centredCount()), records.length);
            mean += round >= 100 ? Math.log(norm.norm()) / 200 : 0;
        }

        assertThat(Math.exp(mean)).isBetween(records[8], records[11]);
    }

    @Test
    void countAndSumTogetherHaveTheNoiseThatIsStated() {
        var terms = new Clipping.Quantile(1, 0.5, 0.2, 3, Update.GEOMETRIC);
        double sum = QuantileNorm.sumMultiplier(1.1, terms);
        double count = QuantileNorm.countMultiplier(terms);

        assertThat(count).isEqualTo(6);
        assertThat(sum).isCloseTo(Math.pow(Math.pow(1.1, -2) - Math.pow(6, -2), -0.5), within(1e-14));
        assertThat(1 / Math.sqrt(1 / (sum * sum) + 1 / (count * count))).isCloseTo(1.1, within(1e-14));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuantileNorm.sumMultiplier(6, terms))
                .withMessage(
                        "count-deviation must be above half the noise multiplier of 6.0, or nothing is left for the"
                                + " sum. Provided value: 3.0");
    }

    /** Norms before each step and after the last, and the sums of the steps. */
    private static void follows(Clipping.Quantile terms, double[] records, double[] norms, double[] sums) {
        Clipper clipper = new Clipper(terms, FixedGradients.layers(1));
        QuantileNorm norm = clipper.adaptive().orElseThrow();
        FixedGradients gradients = FixedGradients.of(records);
        for (int step = 0; step < sums.length; step++) {
            assertThat(norm.norm()).as("norm of step %s", step).isCloseTo(norms[step], within(1e-12));
            float[] sum = new float[1];
            clipper.begin();
            gradients.sum(sum, new int[] {0, 1}, 2, clipper, sum);
            assertThat((double) sum[0]).as("sum of step %s", step).isCloseTo(sums[step], within(1e-6));
            norm.follow(clipper.centredCount(), records.length);
        }
        assertThat(norm.norm()).as("the last norm").isCloseTo(norms[sums.length], within(1e-12));
    }

    private static Clipper step(double bound, double[] records) {
        Clipper clipper =
                new Clipper(new Clipping.Quantile(bound, 0.5, 1, 1, Update.ARITHMETIC), FixedGradients.layers(1));
        int[] rows = IntStream.range(0, records.length).toArray();
        float[] sum = new float[1];
        FixedGradients.of(records).sum(sum, rows, rows.length, clipper, sum);
        return clipper;
    }
}
