package dev.tacita.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.model.Window;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link Kernels#convolution} must do; plain loops in doubles are the oracle. */
public abstract class ConvolutionsContract {
    /** The implementation that is held to the contract; it has convolutions. */
    protected abstract Kernels kernels();

    @Test
    void convolutionsOfAnyShapeAgreeWithTheDefinition() {
        Kernels kernels = kernels();
        int checked = 0;
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ConvolutionShape shape = random(random);
            int capacity = 1 + random.nextInt(12);
            int batch = 1 + random.nextInt(capacity);
            Optional<Convolution> convolution = kernels.convolution(shape, capacity);
            if (convolution.isPresent()) {
                check(convolution.get(), shape, batch, seed);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(30);
    }

    @Test
    void batchesThatAreCutIntoPiecesAgreeWithTheDefinition() {
        Kernels kernels = kernels();
        ConvolutionShape shape = shape(3, 96, 96, 9, Window.square(3, 1, 1), true);
        Convolution convolution = convolution(kernels, shape, 7);
        for (int batch : new int[] {7, 3, 1, 6}) {
            check(convolution, shape, batch, batch);
        }
    }

    @Test
    void theSameArgumentsGiveTheSameBits() {
        Kernels kernels = kernels();
        ConvolutionShape shape = shape(5, 17, 13, 18, Window.square(3, 1, 1), true);
        float[] first = results(convolution(kernels, shape, 6), shape, 5);
        Convolution other = convolution(kernels, shape, 6);
        for (int batch : new int[] {6, 1, 4}) {
            results(other, shape, batch);
        }
        assertThat(results(other, shape, 5)).isEqualTo(first);
    }

    @Test
    void aConvolutionMovesFromThreadToThread() throws InterruptedException {
        ConvolutionShape shape = shape(5, 17, 13, 18, Window.square(3, 1, 1), true);
        Convolution convolution = convolution(kernels(), shape, 6);
        float[] here = results(convolution, shape, 6);
        float[][] there = new float[1][];
        Thread thread = new Thread(() -> there[0] = results(convolution, shape, 6));
        thread.start();
        thread.join();
        assertThat(there[0]).isEqualTo(here);
    }

    @Test
    void imagesBeyondTheirArrayAreRefused() {
        Kernels kernels = kernels();
        ConvolutionShape shape = shape(1, 5, 5, 2, Window.square(3, 1, 0), true);
        Convolution convolution = convolution(kernels, shape, 2);
        assertThatThrownBy(() -> convolution.forward(2, new float[49], new float[20], 0, new float[36]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static Convolution convolution(Kernels kernels, ConvolutionShape shape, int capacity) {
        return kernels.convolution(shape, capacity).orElseThrow();
    }

    private static ConvolutionShape random(Random random) {
        while (true) {
            int groups = random.nextInt(3) == 0 ? 2 : 1;
            Window window = new Window(
                            1 + random.nextInt(4),
                            1 + random.nextInt(4),
                            1 + random.nextInt(3),
                            1 + random.nextInt(3),
                            random.nextInt(3),
                            random.nextInt(3))
                    .dilated(1 + random.nextInt(2), 1 + random.nextInt(2));
            int height = 1 + random.nextInt(12);
            int width = 1 + random.nextInt(12);
            if ((window.height() - 1) * window.dilationHeight() < height + 2 * window.paddingHeight()
                    && (window.width() - 1) * window.dilationWidth() < width + 2 * window.paddingWidth()) {
                int channels = groups * (1 + random.nextInt(20));
                int filters = groups * (1 + random.nextInt(20));
                return shape(channels, height, width, filters, window, groups, random.nextBoolean());
            }
        }
    }

    private static ConvolutionShape shape(
            int channels, int height, int width, int filters, Window window, boolean bias) {
        return shape(channels, height, width, filters, window, 1, bias);
    }

    private static ConvolutionShape shape(
            int channels, int height, int width, int filters, Window window, int groups, boolean bias) {
        return new ConvolutionShape(
                channels,
                height,
                width,
                filters,
                outputs(
                        height + 2 * window.paddingHeight(),
                        window.height(),
                        window.strideHeight(),
                        window.dilationHeight()),
                outputs(
                        width + 2 * window.paddingWidth(),
                        window.width(),
                        window.strideWidth(),
                        window.dilationWidth()),
                window,
                groups,
                bias);
    }

    private static int outputs(int padded, int kernel, int stride, int dilation) {
        return (padded - (kernel - 1) * dilation - 1) / stride + 1;
    }

    private static float[] results(Convolution convolution, ConvolutionShape shape, int batch) {
        Random random = new Random(3);
        float[] x = Draws.uniform(random, batch * shape.inputSize());
        float[] signal = Draws.uniform(random, batch * shape.outputSize());
        float[] parameters = Draws.uniform(random, shape.weightSize() + shape.filters());
        float[] y = new float[signal.length];
        float[] to = new float[x.length];
        float[] gradient = new float[parameters.length];
        convolution.forward(batch, x, parameters, 0, y);
        convolution.signalOfInput(batch, signal, parameters, 0, to);
        convolution.collect(batch, x, signal, gradient, 0);
        float[] all = new float[y.length + to.length + gradient.length];
        System.arraycopy(y, 0, all, 0, y.length);
        System.arraycopy(to, 0, all, y.length, to.length);
        System.arraycopy(gradient, 0, all, y.length + to.length, gradient.length);
        return all;
    }

    private static void check(Convolution convolution, ConvolutionShape shape, int batch, long seed) {
        Random random = new Random(seed);
        int offset = random.nextInt(5);
        int end = offset + shape.weightSize() + (shape.bias() ? shape.filters() : 0);
        float[] x = Draws.uniform(random, batch * shape.inputSize());
        float[] signal = Draws.uniform(random, batch * shape.outputSize());
        float[] parameters = Draws.uniform(random, end + 3);
        NaiveConvolution expected = new NaiveConvolution(shape, batch, x, signal, parameters, offset);
        String place = shape + ", batch " + batch + ", seed " + seed;

        float[] y = new float[signal.length];
        convolution.forward(batch, x, parameters, offset, y);
        compare(place + ", forward", expected.y, y, 0);
        float[] to = Draws.uniform(random, x.length);
        convolution.signalOfInput(batch, signal, parameters, offset, to);
        compare(place + ", signal", expected.to, to, 0);
        float[] gradient = parameters.clone();
        convolution.collect(batch, x, signal, gradient, offset);
        compare(place + ", gradient", expected.gradient, gradient, offset);
        int last = batch - 1;
        float[] lastX = Arrays.copyOfRange(x, last * shape.inputSize(), x.length);
        float[] lastSignal = Arrays.copyOfRange(signal, last * shape.outputSize(), signal.length);
        double[] alone = new NaiveConvolution(shape, 1, lastX, lastSignal, parameters, offset).gradient;
        float[] ofLast = parameters.clone();
        convolution.collectExample(last, x, signal, ofLast, offset);
        compare(place + ", gradient of the last", alone, ofLast, offset);
        for (int i = 0; i < gradient.length; i++) {
            if (i < offset || i >= end) {
                assertThat(gradient[i]).as(place).isEqualTo(parameters[i]);
            }
        }
    }

    private static void compare(String place, double[] expected, float[] actual, int offset) {
        double most = 1;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            most = Math.max(most, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(expected[i] - actual[offset + i]));
        }
        assertThat(worst / most).as(place).isLessThan(2e-5);
    }
}
