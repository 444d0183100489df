package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Clipping;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** B1 and B9 of the acceptance scenarios. */
class ClipperTest {
    private static final List<Clipping> ALL = List.of(
            new Clipping.Flat(0.7),
            new Clipping.PerLayer(0.4, new TreeMap<>(Map.of("layer-2", 1.5))),
            new Clipping.Automatic(0.01),
            new Clipping.Quantile(0.7, 0.5, 0.2, 5, Clipping.Update.GEOMETRIC));

    @Test
    void whatOneExampleAddsIsWithinTheSensitivity() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            int[] lengths = {1 + random.nextInt(5), 1 + random.nextInt(50), 1 + random.nextInt(3)};
            float[] gradient = gaussian(random, lengths[0] + lengths[1] + lengths[2]);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= (float) Math.exp(8 * random.nextGaussian());
            }
            for (Clipping clipping : ALL) {
                var gradients = new FixedGradients(FixedGradients.layers(lengths), 9, gradient);
                Clipper clipper = new Clipper(clipping, gradients.groups());
                float[] sum = new float[gradient.length];
                gradients.sum(sum, new int[] {0}, 1, clipper, sum);

                // The coefficient is a float, and so is each product: two roundings of 2^-24.
                assertThat(norm(sum))
                        .as("%s, seed %s", clipping, seed)
                        .isLessThanOrEqualTo(clipper.sensitivity() + Math.ulp((float) clipper.sensitivity()));
            }
        }
    }

    @Test
    void aGradientSoLargeThatItsCoefficientLosesDigitsStaysWithinTheSensitivity() {
        float[] largest = new float[1000];
        Arrays.fill(largest, Float.MAX_VALUE);
        for (Clipping clipping : List.of(
                new Clipping.Flat(1e-5),
                new Clipping.PerLayer(3e-5),
                new Clipping.Automatic(0.01),
                new Clipping.Quantile(2e-6, 0.5, 0.2, 5, Clipping.Update.GEOMETRIC))) {
            var gradients = FixedGradients.of(largest);
            double sensitivity = new Clipper(clipping, gradients.groups()).sensitivity();
            assertThat(norm(summed(clipping, gradients, 1)))
                    .as(clipping.toString())
                    .isLessThanOrEqualTo(sensitivity * (1 + 0x1p-22));
        }
    }

    @Test
    void aGradientWithinTheNormStaysAsItIs() {
        float[] gradient = {0.3f, -0.4f};
        for (Clipping clipping : List.of(ALL.get(0), new Clipping.PerLayer(0.5), ALL.get(3))) {
            assertThat(summed(clipping, FixedGradients.of(gradient), 1)).containsExactly(gradient);
        }
    }

    @Test
    void zeroStaysZero() {
        for (Clipping clipping : ALL) {
            assertThat(summed(clipping, FixedGradients.of(new float[3]), 1)).containsOnly(0f);
        }
    }

    @Test
    void whatIsNotFiniteAddsNothingAndIsCounted() {
        float[] good = {0.1f, 0.2f};
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (Clipping clipping : ALL) {
                var gradients = new FixedGradients(
                        FixedGradients.layers(1, 1), 2, good, new float[] {0.1f, bad}, new float[] {bad, bad});
                Clipper clipper = new Clipper(clipping, gradients.groups());
                float[] sum = new float[2];
                gradients.sum(sum, new int[] {0, 1, 2}, 3, clipper, sum);

                assertThat(sum).as(clipping.toString()).containsExactly(summed(clipping, gradients, 1));
                assertThat(clipper.notFinite()).isEqualTo(2);
            }
        }
    }

    @Test
    void theSumDoesNotDependOnHowManyExamplesFitInMemory() {
        Random random = new Random(3);
        float[][] gradients = new float[37][];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = gaussian(random, 8);
        }
        for (Clipping clipping : ALL) {
            float[] whole = summed(clipping, new FixedGradients(FixedGradients.layers(3, 5), 37, gradients), 37);
            for (int pass : new int[] {1, 2, 5, 36}) {
                assertThat(summed(clipping, new FixedGradients(FixedGradients.layers(3, 5), pass, gradients), 37))
                        .as("%s, passes of %s", clipping, pass)
                        .containsExactly(whole);
            }
        }
    }

    @Test
    void theSensitivityOfLayersIsTheRootOfTheSumOfSquares() {
        var nine = FixedGradients.layers(4, 4, 4, 4, 4, 4, 4, 4, 4);
        assertThat(new Clipper(new Clipping.PerLayer(0.5), nine).sensitivity()).isCloseTo(3 * 0.5, within(1e-15));
        var named = new Clipping.PerLayer(3, new TreeMap<>(Map.of("layer-2", 4.0)));
        assertThat(new Clipper(named, FixedGradients.layers(1, 1)).sensitivity())
                .isEqualTo(5);
        assertThat(new Clipper(new Clipping.Automatic(0.01), nine).sensitivity())
                .isEqualTo(1);
    }

    @Test
    void automaticClippingDividesByTheNormPlusItsStability() {
        assertThat(summed(new Clipping.Automatic(0.5), FixedGradients.of(new float[] {3, 4}), 1))
                .containsExactly(new float[] {3 / 5.5f, 4 / 5.5f}, within(1e-7f));
    }

    private static float[] summed(Clipping clipping, FixedGradients gradients, int count) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = i;
        }
        int length =
                gradients.groups().stream().mapToInt(group -> group.length()).sum();
        float[] sum = new float[length];
        gradients.sum(sum, rows, count, new Clipper(clipping, gradients.groups()), sum);
        return sum;
    }

    private static float[] gaussian(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
