package dev.tacita.engine.kernel;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Working memory of a convolution by minimal filtering that pieces of all sizes share.
 *
 * @param channelPlanes one plane of images for each product of the filter
 * @param filterPlanes as many of outputs
 * @param weightPlanes as many of the weight
 * @param gradientPlanes as many of the weight's gradient
 */
record MinimalBlocks(
        OneDnnBlocks plain,
        NativeBlock channelPlanes,
        NativeBlock filterPlanes,
        NativeBlock weightPlanes,
        NativeBlock gradientPlanes,
        NativeBlock half,
        NativeBlock picture,
        NativeBlock weightPicture,
        NativeBlock ones,
        Matrices matrices) {
    /** The matrices of the filter, and their transposes. */
    record Matrices(
            FloatPointer ofInputs,
            FloatPointer ofInputsBack,
            FloatPointer ofProducts,
            FloatPointer ofProductsBack,
            FloatPointer ofTaps,
            FloatPointer ofTapsBack) {
        static Matrices of(MinimalFilter filter) {
            return new Matrices(
                    pointer(filter.ofInputs()),
                    pointer(MinimalFilter.transposed(filter.ofInputs(), filter.inputs())),
                    pointer(filter.ofProducts()),
                    pointer(MinimalFilter.transposed(filter.ofProducts(), filter.outputs())),
                    pointer(filter.ofTaps()),
                    pointer(MinimalFilter.transposed(filter.ofTaps(), filter.inputs())));
        }

        private static FloatPointer pointer(float[] values) {
            return filled(values).pointer();
        }
    }

    static MinimalBlocks of(MinimalTiling tiling, int images) {
        TileGrid inputs = tiling.inputs(images);
        TileGrid outputs = tiling.outputs(images);
        TileGrid weights = tiling.weights();
        float[] ones = new float[tiling.tiles() * images];
        Arrays.fill(ones, 1f);
        return new MinimalBlocks(
                OneDnnBlocks.of(tiling.shape(), images),
                new NativeBlock(inputs.planesSize()),
                new NativeBlock(outputs.planesSize()),
                new NativeBlock(weights.planesSize()),
                new NativeBlock(weights.planesSize()),
                new NativeBlock(Math.max(weights.halfSize(), Math.max(inputs.halfSize(), outputs.halfSize()))),
                new NativeBlock(Math.max(inputs.size(), outputs.size())),
                new NativeBlock(weights.size()),
                filled(ones),
                Matrices.of(tiling.filter()));
    }

    private static NativeBlock filled(float[] values) {
        NativeBlock block = new NativeBlock(values.length);
        block.read(values, 0, values.length);
        return block;
    }
}
