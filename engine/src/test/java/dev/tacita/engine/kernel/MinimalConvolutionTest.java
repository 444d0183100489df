package dev.tacita.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tacita.core.model.Window;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Minimal filtering beside the definition in doubles, whether it gains by it or not. */
class MinimalConvolutionTest {
    private static final double LARGEST_ERROR = 3e-5;

    private final Optional<OneDnn> library = load();

    private static Optional<OneDnn> load() {
        try {
            return Optional.of(OneDnn.load(1));
        } catch (LinkageError e) {
            return Optional.empty();
        }
    }

    @BeforeEach
    void skipWithoutTheLibrary() {
        assumeTrue(library.isPresent(), "oneDNN is not there for this platform");
    }

    @Test
    void aFilterOfAnyLengthAgreesWithItsDefinition() {
        for (int taps = 2; taps < MinimalFilter.LARGEST; taps++) {
            for (int outputs = 1; outputs + taps - 1 <= MinimalFilter.LARGEST; outputs++) {
                if (outputs + taps > 3) {
                    Random random = new Random(taps);
                    float[] filter = Draws.uniform(random, taps);
                    float[] inputs = Draws.uniform(random, outputs + taps - 1);
                    double[] actual = filtered(new MinimalFilter(outputs, taps), filter, inputs);
                    for (int i = 0; i < outputs; i++) {
                        double expected = 0;
                        for (int tap = 0; tap < taps; tap++) {
                            expected += (double) filter[tap] * inputs[i + tap];
                        }
                        assertThat(actual[i])
                                .as("%d outputs of %d taps", outputs, taps)
                                .isCloseTo(expected, within(1e-5));
                    }
                }
            }
        }
    }

    private static double[] filtered(MinimalFilter filter, float[] taps, float[] inputs) {
        int points = filter.inputs();
        double[] outputs = new double[filter.outputs()];
        for (int point = 0; point < points; point++) {
            double left = 0;
            for (int i = 0; i < taps.length; i++) {
                left += (double) filter.ofTaps()[point * taps.length + i] * taps[i];
            }
            double right = 0;
            for (int i = 0; i < points; i++) {
                right += (double) filter.ofInputs()[point * points + i] * inputs[i];
            }
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] += filter.ofProducts()[i * points + point] * left * right;
            }
        }
        return outputs;
    }

    @Test
    void convolutionsOfAnyShapeStayWithinTheErrorBound() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ConvolutionShape shape = random(random);
            int capacity = 1 + random.nextInt(9);
            check(shape, capacity, 1 + random.nextInt(capacity), seed);
        }
    }

    @Test
    void layersOfPublishedNetworksStayWithinTheErrorBound() {
        check(shape(32, 14, 14, 64, 5, 2, true), 10, 10, 1);
        check(shape(6, 14, 14, 16, 5, 0, true), 50, 50, 2);
        check(shape(6, 12, 12, 16, 5, 0, true), 64, 64, 3);
    }

    @Test
    void batchesThatAreCutIntoPiecesStayWithinTheErrorBound() {
        ConvolutionShape shape = shape(16, 40, 36, 8, 5, 2, true);
        for (int batch : new int[] {20, 7, 1}) {
            check(shape, 20, batch, batch);
        }
    }

    @Test
    void bothWaysBackAtOnceGiveTheBitsOfEachAlone() {
        ConvolutionShape shape = shape(9, 17, 13, 18, 5, 2, true);
        for (int capacity : new int[] {3, 200}) {
            Run run = new Run(shape, capacity, 5);
            Convolution convolution = convolution(shape, capacity);
            convolution.signalOfInput(capacity, run.signal, run.parameters, 0, run.to);
            convolution.collect(capacity, run.x, run.signal, run.gradient, 0);
            for (boolean held : new boolean[] {true, false}) {
                convolution.forward(capacity, run.x, run.parameters, 0, run.y);
                if (!held) {
                    convolution.collect(1, run.x, run.signal, new float[run.gradient.length], 0);
                }
                float[] to = new float[run.to.length];
                float[] gradient = new float[run.gradient.length];
                convolution.backward(capacity, run.x, run.signal, run.parameters, 0, gradient, to);
                assertThat(to).as("capacity %d, held %s", capacity, held).isEqualTo(run.to);
                assertThat(gradient).as("capacity %d, held %s", capacity, held).isEqualTo(run.gradient);
            }
        }
    }

    @Test
    void theSameArgumentsGiveTheSameBits() {
        ConvolutionShape shape = shape(5, 17, 13, 18, 5, 1, true);
        float[] first = results(convolution(shape, 6), shape, 5);
        Convolution other = convolution(shape, 6);
        for (int batch : new int[] {6, 1, 4}) {
            results(other, shape, batch);
        }
        assertThat(results(other, shape, 5)).isEqualTo(first);
    }

    @Test
    void aConvolutionMovesFromThreadToThread() throws InterruptedException {
        ConvolutionShape shape = shape(5, 17, 13, 18, 5, 2, true);
        Convolution convolution = convolution(shape, 6);
        float[] here = results(convolution, shape, 6);
        float[][] there = new float[1][];
        Thread thread = new Thread(() -> there[0] = results(convolution, shape, 6));
        thread.start();
        thread.join();
        assertThat(there[0]).isEqualTo(here);
    }

    @Test
    void imagesBeyondTheirArrayAreRefused() {
        ConvolutionShape shape = shape(1, 7, 7, 2, 5, 0, true);
        Convolution convolution = convolution(shape, 2);
        assertThatThrownBy(() -> convolution.forward(2, new float[97], new float[52], 0, new float[36]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void onlyWindowsThatMoveCellByCellInOneGroupAreCovered() {
        assertThat(MinimalTiling.covers(shape(4, 9, 9, 4, 5, 2, true))).isTrue();
        assertThat(MinimalTiling.covers(shape(4, 9, 9, 4, 8, 2, true))).isFalse();
        assertThat(MinimalTiling.covers(shape(4, 9, 9, 4, 1, 0, true))).isFalse();
        Window strided = Window.square(5, 2, 2);
        assertThat(MinimalTiling.covers(new ConvolutionShape(4, 9, 9, 4, 5, 5, strided, 1, true)))
                .isFalse();
        Window window = Window.square(5, 1, 2);
        assertThat(MinimalTiling.covers(new ConvolutionShape(4, 9, 9, 4, 9, 9, window, 2, true)))
                .isFalse();
        assertThat(MinimalTiling.covers(new ConvolutionShape(4, 9, 9, 4, 5, 5, window.dilated(2, 2), 1, true)))
                .isFalse();
    }

    private Convolution convolution(ConvolutionShape shape, int capacity) {
        Convolution single =
                OneDnnConvolution.of(library.orElseThrow(), shape, 1).orElseThrow();
        return MinimalConvolution.of(library.orElseThrow(), shape, capacity, single);
    }

    private static ConvolutionShape random(Random random) {
        while (true) {
            int taps = 2 + random.nextInt(5);
            int padding = random.nextInt(taps);
            int height = 1 + random.nextInt(15);
            int width = 1 + random.nextInt(15);
            if (Math.min(height, width) + 2 * padding >= taps) {
                return shape(
                        1 + random.nextInt(20),
                        height,
                        width,
                        1 + random.nextInt(20),
                        taps,
                        padding,
                        random.nextBoolean());
            }
        }
    }

    private static ConvolutionShape shape(
            int channels, int height, int width, int filters, int taps, int padding, boolean bias) {
        Window window = Window.square(taps, 1, padding);
        int more = 2 * padding - taps + 1;
        return new ConvolutionShape(channels, height, width, filters, height + more, width + more, window, 1, bias);
    }

    private static final class Run {
        private final float[] x;
        private final float[] signal;
        private final float[] parameters;
        private final float[] y;
        private final float[] to;
        private final float[] gradient;

        Run(ConvolutionShape shape, int batch, long seed) {
            Random random = new Random(seed);
            x = Draws.uniform(random, batch * shape.inputSize());
            signal = Draws.uniform(random, batch * shape.outputSize());
            parameters = Draws.uniform(random, shape.weightSize() + (shape.bias() ? shape.filters() : 0));
            y = new float[signal.length];
            to = Draws.uniform(random, x.length);
            gradient = parameters.clone();
        }
    }

    private static float[] results(Convolution convolution, ConvolutionShape shape, int batch) {
        Run run = new Run(shape, batch, 3);
        convolution.forward(batch, run.x, run.parameters, 0, run.y);
        convolution.backward(batch, run.x, run.signal, run.parameters, 0, run.gradient, run.to);
        float[] all = Arrays.copyOf(run.y, run.y.length + run.to.length + run.gradient.length);
        System.arraycopy(run.to, 0, all, run.y.length, run.to.length);
        System.arraycopy(run.gradient, 0, all, run.y.length + run.to.length, run.gradient.length);
        return all;
    }

    private void check(ConvolutionShape shape, int capacity, int batch, long seed) {
        Run run = new Run(shape, batch, seed);
        NaiveConvolution expected = new NaiveConvolution(shape, batch, run.x, run.signal, run.parameters, 0);
        Convolution convolution = convolution(shape, capacity);
        String place = shape + ", batch " + batch + ", seed " + seed;
        convolution.forward(batch, run.x, run.parameters, 0, run.y);
        compare(place + ", forward", expected.y, run.y);
        convolution.backward(batch, run.x, run.signal, run.parameters, 0, run.gradient, run.to);
        compare(place + ", signal", expected.to, run.to);
        compare(place + ", gradient", expected.gradient, run.gradient);
        float[] lastX = Arrays.copyOfRange(run.x, (batch - 1) * shape.inputSize(), run.x.length);
        float[] lastSignal = Arrays.copyOfRange(run.signal, (batch - 1) * shape.outputSize(), run.signal.length);
        NaiveConvolution last = new NaiveConvolution(shape, 1, lastX, lastSignal, run.parameters, 0);
        convolution.collectExample(batch - 1, run.x, run.signal, run.gradient, 0);
        compare(place + ", gradient of the last", last.gradient, run.gradient);
    }

    private static void compare(String place, double[] expected, float[] actual) {
        double most = 1;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            most = Math.max(most, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
        }
        assertThat(worst / most).as(place).isLessThan(LARGEST_ERROR);
    }
}
