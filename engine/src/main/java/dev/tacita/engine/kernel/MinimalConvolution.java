package dev.tacita.engine.kernel;

import java.util.Optional;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/**
 * A convolution by minimal filtering over tiles (Lavin and Gray 2016, sec. 4), by oneDNN's products: about a fifth of the
 * multiplications of the definition for windows of 5 by 5. Each way back is the transpose of the way forward, so that all
 * three share planes of images, of outputs and of the weight. It rounds more coarsely than the definition: an error is at
 * most 3e-5 of the largest result. Gradients of single examples come from another convolution.
 */
final class MinimalConvolution implements Convolution {
    /** Numbers of a piece in the planes: few enough to stay near the core; measured. */
    private static final int PIECE = 11 << 16;

    /** Where it is faster than the definition; measured. */
    private static final int WINDOW = 5;

    private static final int FEWEST_CHANNELS = 6;
    private static final int FEWEST_CHANNELS_OF_A_PIECE = 128;
    private static final int LARGEST_WEIGHT = 1 << 22;
    private static final double MOST_MULTIPLICATIONS = 0.4;

    private final OneDnn library;
    private final ConvolutionShape shape;
    private final Convolution single;
    private final int largest;
    private final MinimalBlocks blocks;
    private final Prepared<MinimalPiece> pieces;
    private final OneDnnMove arrangeWeight;
    private final OneDnnMove restoreWeight;
    private final FixedProducts sptakeWeight;
    private final FixedProducts gatherWeight;

    /** Images of the forward pass whose planes are still there; those of the images only if they are one piece. */
    private int held;

    private MinimalConvolution(OneDnn library, MinimalTiling tiling, int largest, Convolution single) {
        this.library = library;
        this.single = single;
        this.largest = largest;
        shape = tiling.shape();
        blocks = MinimalBlocks.of(tiling, largest);
        pieces = new Prepared<>(images -> new MinimalPiece(library, tiling, images, blocks));
        TileGrid weights = tiling.weights();
        MinimalBlocks.Matrices matrices = blocks.matrices();
        memory plain = weight(blocks.plain().weight(), memory.format_tag.oihw);
        memory cells = weight(blocks.weightPicture(), memory.format_tag.hwio);
        arrangeWeight = OneDnnMove.of(plain, cells);
        restoreWeight = OneDnnMove.of(cells, plain);
        sptakeWeight = weights.spread(
                matrices.ofTaps(),
                blocks.weightPicture().pointer(),
                blocks.half().pointer(),
                blocks.weightPlanes().pointer());
        gatherWeight = weights.gather(
                matrices.ofTapsBack(),
                blocks.gradientPlanes().pointer(),
                blocks.half().pointer(),
                blocks.weightPicture().pointer());
    }

    /** A convolution for batches of up to {@code capacity}; empty if this shape or processor gains nothing by it. */
    static Optional<Convolution> of(OneDnn library, ConvolutionShape shape, int capacity) {
        if (!MinimalTiling.covers(shape)
                || !gains(MinimalTiling.of(shape), capacity)
                || !OneDnnBatchedProduct.isFast(library.processor())) {
            return Optional.empty();
        }
        return OneDnnConvolution.of(library, shape, 1).map(single -> of(library, shape, capacity, single));
    }

    /**
     * As {@link #of(OneDnn, ConvolutionShape, int)}, gain or not.
     *
     * @param single what makes gradients of single examples
     */
    static Convolution of(OneDnn library, ConvolutionShape shape, int capacity, Convolution single) {
        MinimalTiling tiling = MinimalTiling.of(shape);
        return new MinimalConvolution(library, tiling, images(tiling, capacity), single);
    }

    /** Images of a piece: batches of the capacity are cut into pieces of one size, as far as can be. */
    private static int images(MinimalTiling tiling, int capacity) {
        int most = (int) Math.max(1, PIECE / tiling.planesOfImage());
        int pieces = (capacity + most - 1) / most;
        return (capacity + pieces - 1) / pieces;
    }

    private static boolean gains(MinimalTiling tiling, int capacity) {
        ConvolutionShape shape = tiling.shape();
        return shape.window().height() == WINDOW
                && shape.channels() >= FEWEST_CHANNELS
                && tiling.planesOfImage() <= PIECE
                && shape.weightSize() <= LARGEST_WEIGHT
                && shape.channels() * images(tiling, capacity) >= FEWEST_CHANNELS_OF_A_PIECE
                && tiling.multiplications() <= MOST_MULTIPLICATIONS;
    }

    private memory weight(NativeBlock block, memory.format_tag layout) {
        return new memory(
                new memory.desc(
                        new long[] {
                            shape.filters(),
                            shape.channels(),
                            shape.window().height(),
                            shape.window().width()
                        },
                        memory.data_type.f32,
                        layout),
                library.processor(),
                block.pointer());
    }

    @Override
    public void forward(int batch, float[] x, float[] parameters, int weight, float[] y) {
        stream queue = library.enter();
        takeWeight(queue, parameters, weight);
        if (shape.bias()) {
            blocks.plain().bias().read(parameters, weight + shape.weightSize(), shape.filters());
        }
        for (int first = 0; first < batch; ) {
            int count = piece(batch - first);
            MinimalPiece piece = pieces.of(count);
            takeImages(queue, piece, x, first, count);
            piece.forward(queue, shape.bias());
            blocks.plain().outputs().write(y, first * shape.outputSize(), count * shape.outputSize());
            first += count;
        }
        held = batch;
    }

    @Override
    public void signalOfInput(int batch, float[] signal, float[] parameters, int weight, float[] to) {
        stream queue = library.enter();
        takeWeight(queue, parameters, weight);
        for (int first = 0; first < batch; ) {
            int count = piece(batch - first);
            MinimalPiece piece = pieces.of(count);
            takeSignal(queue, piece, signal, first, count);
            piece.backward(queue);
            blocks.plain().images().write(to, first * shape.inputSize(), count * shape.inputSize());
            first += count;
        }
        held = 0;
    }

    @Override
    public void collect(int batch, float[] x, float[] signal, float[] gradient, int weight) {
        stream queue = library.enter();
        for (int first = 0; first < batch; ) {
            int count = piece(batch - first);
            MinimalPiece piece = pieces.of(count);
            takeImages(queue, piece, x, first, count);
            takeSignal(queue, piece, signal, first, count);
            piece.collect(queue, shape.bias(), first > 0);
            first += count;
        }
        giveGradient(queue, gradient, weight);
        held = 0;
    }

    @Override
    public void backward(
            int batch, float[] x, float[] signal, float[] parameters, int weight, float[] gradient, float[] to) {
        stream queue = library.enter();
        if (held != batch) {
            takeWeight(queue, parameters, weight);
        }
        for (int first = 0; first < batch; ) {
            int count = piece(batch - first);
            MinimalPiece piece = pieces.of(count);
            if (held != batch || count < batch) {
                takeImages(queue, piece, x, first, count);
            }
            takeSignal(queue, piece, signal, first, count);
            piece.collect(queue, shape.bias(), first > 0);
            piece.backward(queue);
            blocks.plain().images().write(to, first * shape.inputSize(), count * shape.inputSize());
            first += count;
        }
        giveGradient(queue, gradient, weight);
        held = 0;
    }

    @Override
    public void collectExample(int example, float[] x, float[] signal, float[] gradient, int weight) {
        single.collectExample(example, x, signal, gradient, weight);
    }

    private void takeImages(stream queue, MinimalPiece piece, float[] x, int first, int count) {
        blocks.plain().images().read(x, first * shape.inputSize(), count * shape.inputSize());
        piece.takeImages(queue);
    }

    private void takeSignal(stream queue, MinimalPiece piece, float[] signal, int first, int count) {
        blocks.plain().outputs().read(signal, first * shape.outputSize(), count * shape.outputSize());
        piece.takeSignal(queue);
    }

    private void giveGradient(stream queue, float[] gradient, int weight) {
        gatherWeight.run(library);
        restoreWeight.run(queue);
        blocks.plain().weight().write(gradient, weight, shape.weightSize());
        if (shape.bias()) {
            blocks.plain().bias().write(gradient, weight + shape.weightSize(), shape.filters());
        }
    }

    private void takeWeight(stream queue, float[] parameters, int weight) {
        blocks.plain().weight().read(parameters, weight, shape.weightSize());
        arrangeWeight.run(queue);
        sptakeWeight.run(library);
    }

    private int piece(int left) {
        return left >= largest ? largest : Integer.highestOneBit(left);
    }
}
