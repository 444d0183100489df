package dev.tacita.engine.kernel;

import java.util.Optional;
import org.bytedeco.dnnl.stream;

/**
 * A convolution by oneDNN in the memory layouts it prefers (Georganas et al. 2018, sec. II). The library prepares code for
 * one number of images at a time, so a batch is cut into pieces of the largest size and then of powers of two.
 */
final class OneDnnConvolution implements Convolution {
    /** Elements of a piece: few enough to stay near the core, enough to be worth laying out the weight; measured. */
    private static final int PIECE = 1 << 17;

    private static final int LARGEST = 1 << 24;

    private final OneDnn library;
    private final ConvolutionShape shape;
    private final int largest;
    private final OneDnnBlocks blocks;
    private final Prepared<OneDnnDirection> forward;
    private final Prepared<OneDnnDirection> backward;
    private final Prepared<OneDnnCollect> collect;

    private OneDnnConvolution(OneDnn library, ConvolutionShape shape, int largest) {
        this.library = library;
        this.shape = shape;
        this.largest = largest;
        blocks = OneDnnBlocks.of(shape, largest);
        forward = new Prepared<>(images -> new OneDnnForward(problem(images), blocks));
        backward = new Prepared<>(images -> new OneDnnBackward(problem(images), blocks));
        collect = new Prepared<>(images -> new OneDnnCollect(problem(images), blocks));
    }

    /** A convolution for batches of up to {@code capacity}; empty if it is too large for native working memory. */
    static Optional<Convolution> of(OneDnn library, ConvolutionShape shape, int capacity) {
        int size = Math.max(shape.inputSize(), shape.outputSize());
        if (Math.max(size, shape.weightSize()) > LARGEST) {
            return Optional.empty();
        }
        int images = Math.max(1, Math.max(PIECE, shape.weightSize()) / size);
        return Optional.of(new OneDnnConvolution(library, shape, Math.min(capacity, images)));
    }

    private OneDnnProblem problem(int images) {
        return new OneDnnProblem(library.processor(), shape, images);
    }

    @Override
    public void forward(int batch, float[] x, float[] parameters, int weight, float[] y) {
        stream queue = library.enter();
        readWeight(parameters, weight);
        if (shape.bias()) {
            blocks.bias().read(parameters, weight + shape.weightSize(), shape.filters());
        }
        int ready = 0;
        for (int first = 0; first < batch; ) {
            int count = piece(batch - first);
            OneDnnDirection direction = forward.of(count);
            if (count != ready) {
                direction.begin(queue);
                ready = count;
            }
            readImages(x, first, count);
            direction.run(queue);
            blocks.outputs().write(y, first * shape.outputSize(), count * shape.outputSize());
            first += count;
        }
    }

    @Override
    public void signalOfInput(int batch, float[] signal, float[] parameters, int weight, float[] to) {
        stream queue = library.enter();
        readWeight(parameters, weight);
        int ready = 0;
        for (int first = 0; first < batch; ) {
            int count = piece(batch - first);
            OneDnnDirection direction = backward.of(count);
            if (count != ready) {
                direction.begin(queue);
                ready = count;
            }
            readOutputs(signal, first, count);
            direction.run(queue);
            blocks.images().write(to, first * shape.inputSize(), count * shape.inputSize());
            first += count;
        }
    }

    @Override
    public void collect(int batch, float[] x, float[] signal, float[] gradient, int weight) {
        stream queue = library.enter();
        for (int first = 0; first < batch; ) {
            int count = piece(batch - first);
            readImages(x, first, count);
            readOutputs(signal, first, count);
            collect.of(count).run(queue, first > 0);
            first += count;
        }
        writeGradient(gradient, weight);
    }

    @Override
    public void collectExample(int example, float[] x, float[] signal, float[] gradient, int weight) {
        stream queue = library.enter();
        readImages(x, example, 1);
        readOutputs(signal, example, 1);
        collect.of(1).run(queue, false);
        writeGradient(gradient, weight);
    }

    private void writeGradient(float[] gradient, int weight) {
        blocks.weight().write(gradient, weight, shape.weightSize());
        if (shape.bias()) {
            blocks.bias().write(gradient, weight + shape.weightSize(), shape.filters());
        }
    }

    private int piece(int left) {
        return left >= largest ? largest : Integer.highestOneBit(left);
    }

    private void readWeight(float[] parameters, int weight) {
        blocks.weight().read(parameters, weight, shape.weightSize());
    }

    private void readImages(float[] x, int first, int count) {
        blocks.images().read(x, first * shape.inputSize(), count * shape.inputSize());
    }

    private void readOutputs(float[] signal, int first, int count) {
        blocks.outputs().read(signal, first * shape.outputSize(), count * shape.outputSize());
    }
}
