package dev.tacita.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResidentWeightTest {
    private static final int UNITS = 70;
    private static final int FEATURES = 90;
    private static final int AT = 3;

    private final Random random = new Random(5);
    private final float[] parameters = Draws.uniform(random, UNITS * FEATURES + 2 * AT);
    private final Optional<ResidentWeight> resident = BlasKernels.create().residentWeight(UNITS, FEATURES, 11);

    @Test
    void stepsAreThoseOfTheDefinition() {
        assumeTrue(resident.isPresent(), "oneDNN is not there for this platform");
        ResidentWeight weight = resident.orElseThrow();
        double[] expected = new double[parameters.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = parameters[i];
        }
        weight.load(parameters, AT);
        for (int rows : new int[] {11, 4, 11, 1}) {
            step(weight, rows, expected);
        }
        float[] stored = new float[parameters.length];
        weight.store(stored, AT);
        for (int i = 0; i < stored.length; i++) {
            boolean outside = i < AT || i >= AT + UNITS * FEATURES;
            assertThat((double) stored[i]).isCloseTo(outside ? 0 : expected[i], within(1e-5));
        }
    }

    private void step(ResidentWeight weight, int rows, double[] expected) {
        float rate = 0.1f;
        float[] x = Draws.uniform(random, rows * FEATURES);
        float[] signal = Draws.uniform(random, rows * UNITS);
        float[] y = new float[rows * UNITS];
        float[] to = new float[rows * FEATURES];
        weight.forward(rows, x, y);
        weight.descend(rows, signal, rate, rows == 4 ? Optional.empty() : Optional.of(to));
        for (int row = 0; row < rows; row++) {
            for (int unit = 0; unit < UNITS; unit++) {
                double sum = 0;
                for (int feature = 0; feature < FEATURES; feature++) {
                    sum += x[row * FEATURES + feature] * expected[AT + unit * FEATURES + feature];
                }
                assertThat((double) y[row * UNITS + unit]).isCloseTo(sum, within(1e-4));
            }
            for (int feature = 0; feature < FEATURES; feature++) {
                double sum = 0;
                for (int unit = 0; unit < UNITS && rows != 4; unit++) {
                    sum += signal[row * UNITS + unit] * expected[AT + unit * FEATURES + feature];
                }
                assertThat((double) to[row * FEATURES + feature]).isCloseTo(sum, within(1e-4));
            }
        }
        for (int unit = 0; unit < UNITS; unit++) {
            for (int feature = 0; feature < FEATURES; feature++) {
                for (int row = 0; row < rows; row++) {
                    expected[AT + unit * FEATURES + feature] -=
                            (double) rate * signal[row * UNITS + unit] * x[row * FEATURES + feature];
                }
            }
        }
    }

    @Test
    void matricesTooSmallToGainAreNotKept() {
        assertThat(BlasKernels.create().residentWeight(10, 20, 11)).isEmpty();
        assertThat(new JavaKernels().residentWeight(500, 500, 11)).isEmpty();
    }
}
