package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.model.ActivationFunction;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseTest {
    static ActivationFunction[] functions() {
        return new ActivationFunction[] {
            new ActivationFunction.Relu(),
            new ActivationFunction.LeakyRelu(0.1),
            new ActivationFunction.Elu(0.7),
            new ActivationFunction.Tanh(),
            new ActivationFunction.Sigmoid(),
            new ActivationFunction.Softplus(),
            new ActivationFunction.Gelu(false),
            new ActivationFunction.Gelu(true),
            new ActivationFunction.Silu(),
            new ActivationFunction.Hardtanh(-1.5, 3),
            new ActivationFunction.Relu6()
        };
    }

    @ParameterizedTest
    @MethodSource("functions")
    void valuesAndSlopesFollowTheDefinitionOverTheWholeRange(ActivationFunction function) {
        float[] x = new float[4001];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 2000) / 100f + 0.0003f;
        }
        float[] y = new float[x.length];
        float[] signal = new float[x.length];
        float[] slope = new float[x.length];
        Arrays.fill(signal, 1f);
        Elementwise elementwise = Elementwise.of(function);
        elementwise.forward(x, y, x.length);
        elementwise.backward(x, y, signal, slope, x.length);
        for (int i = 0; i < x.length; i++) {
            double value = NaiveModel.activate(function, x[i]);
            double tangent =
                    (NaiveModel.activate(function, x[i] + 1e-5) - NaiveModel.activate(function, x[i] - 1e-5)) / 2e-5;
            assertThat((double) y[i])
                    .as("%s of %s", function, x[i])
                    .isCloseTo(value, within(4e-7 * Math.max(1, Math.abs(x[i]))));
            assertThat((double) slope[i])
                    .as("slope of %s at %s", function, x[i])
                    .isCloseTo(tangent, within(2e-6 * Math.max(1, Math.abs(x[i]))));
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void notANumberStaysNotANumber(ActivationFunction function) {
        float[] x = {Float.NaN};
        float[] y = new float[1];
        Elementwise.of(function).forward(x, y, 1);
        assertThat(y[0]).isNaN();
    }

    @Test
    void noSignalPassesTheBoundsOfAHardtanh() {
        float[] x = {-2, -1, 0, 1, 2};
        float[] y = new float[5];
        float[] slope = new float[5];
        Elementwise hardtanh = Elementwise.of(ActivationFunction.Hardtanh.standard());
        hardtanh.forward(x, y, 5);
        hardtanh.backward(x, y, new float[] {1, 1, 1, 1, 1}, slope, 5);
        assertThat(y).containsExactly(-1, -1, 0, 1, 1);
        assertThat(slope).containsExactly(0, 0, 1, 0, 0);
    }
}
