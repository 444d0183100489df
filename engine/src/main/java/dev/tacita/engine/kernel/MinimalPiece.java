package dev.tacita.engine.kernel;

import dev.tacita.core.model.Window;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** A convolution by minimal filtering, prepared for one number of images, from native memory to native memory. */
final class MinimalPiece {
    private final OneDnn library;
    private final OneDnnMove arrangeImages;
    private final OneDnnMove arrangeSignal;
    private final OneDnnMove restoreOutputs;
    private final OneDnnMove restoreImages;
    private final FixedProducts spreadImages;
    private final FixedProducts spreadSignal;
    private final FixedProducts gatherOutputs;
    private final FixedProducts gatherImages;
    private final FixedProducts addBias;
    private final FixedProducts sumBias;
    private final FixedProducts addUpBias;
    private final OneDnnBatchedProduct forward;
    private final OneDnnBatchedProduct backward;
    private final OneDnnBatchedProduct collect;
    private final OneDnnBatchedProduct collectMore;

    MinimalPiece(OneDnn library, MinimalTiling tiling, int images, MinimalBlocks blocks) {
        this.library = library;
        ConvolutionShape shape = tiling.shape();
        Window window = shape.window();
        TileGrid inputs = tiling.inputs(images);
        TileGrid outputs = tiling.outputs(images);
        NativeBlock paddedImages = new NativeBlock(inputs.size());
        NativeBlock paddedSignal = new NativeBlock(outputs.size());
        FloatPointer picture = blocks.picture().pointer();
        int corner = (window.paddingHeight() * inputs.columns() + window.paddingWidth()) * inputs.depth();

        memory plainImages = plain(
                images,
                shape.channels(),
                shape.height(),
                shape.width(),
                blocks.plain().images());
        memory plainOutputs = plain(
                images,
                shape.filters(),
                shape.outputHeight(),
                shape.outputWidth(),
                blocks.plain().outputs());
        arrangeImages = OneDnnMove.of(
                plainImages,
                cells(inputs, images, shape.channels(), shape.height(), shape.width(), paddedImages.pointer(), corner));
        restoreImages = OneDnnMove.of(
                cells(inputs, images, shape.channels(), shape.height(), shape.width(), picture, corner), plainImages);
        arrangeSignal = OneDnnMove.of(
                plainOutputs,
                cells(
                        outputs,
                        images,
                        shape.filters(),
                        shape.outputHeight(),
                        shape.outputWidth(),
                        paddedSignal.pointer(),
                        0));
        restoreOutputs = OneDnnMove.of(
                cells(outputs, images, shape.filters(), shape.outputHeight(), shape.outputWidth(), picture, 0),
                plainOutputs);

        MinimalBlocks.Matrices matrices = blocks.matrices();
        FloatPointer half = blocks.half().pointer();
        FloatPointer channelPlanes = blocks.channelPlanes().pointer();
        FloatPointer filterPlanes = blocks.filterPlanes().pointer();
        FloatPointer weightPlanes = blocks.weightPlanes().pointer();
        spreadImages = inputs.spread(matrices.ofInputs(), paddedImages.pointer(), half, channelPlanes);
        gatherImages = inputs.gather(matrices.ofInputsBack(), channelPlanes, half, picture);
        spreadSignal = outputs.spread(matrices.ofProductsBack(), paddedSignal.pointer(), half, filterPlanes);
        gatherOutputs = outputs.gather(matrices.ofProducts(), filterPlanes, half, picture);

        int planes = tiling.points() * tiling.points();
        int rows = tiling.tiles() * images;
        int channels = shape.channels();
        int filters = shape.filters();
        forward = new OneDnnBatchedProduct(
                library.processor(),
                planes,
                false,
                false,
                rows,
                filters,
                channels,
                channelPlanes,
                weightPlanes,
                false,
                filterPlanes);
        backward = new OneDnnBatchedProduct(
                library.processor(),
                planes,
                false,
                true,
                rows,
                channels,
                filters,
                filterPlanes,
                weightPlanes,
                false,
                channelPlanes);
        collect = collect(tiling, rows, blocks, false);
        collectMore = collect(tiling, rows, blocks, true);

        FloatPointer bias = blocks.plain().bias().pointer();
        FloatPointer ones = blocks.ones().pointer();
        int one = MinimalFilter.ONE * (tiling.points() + 1) * outputs.planeSize();
        FloatPointer sums = filterPlanes.getPointer(FloatPointer.class, one);
        addBias = new FixedProducts();
        sumBias = new FixedProducts();
        addUpBias = new FixedProducts();
        addBias.add(rows, filters, 1, ones, 1, bias, filters, true, sums, filters);
        sumBias.add(1, filters, rows, ones, rows, sums, filters, false, bias, filters);
        addUpBias.add(1, filters, rows, ones, rows, sums, filters, true, bias, filters);
    }

    private OneDnnBatchedProduct collect(MinimalTiling tiling, int rows, MinimalBlocks blocks, boolean more) {
        return new OneDnnBatchedProduct(
                library.processor(),
                tiling.points() * tiling.points(),
                true,
                false,
                tiling.shape().channels(),
                tiling.shape().filters(),
                rows,
                blocks.channelPlanes().pointer(),
                blocks.filterPlanes().pointer(),
                more,
                blocks.gradientPlanes().pointer());
    }

    private memory plain(int images, int channels, int height, int width, NativeBlock block) {
        return new memory(
                new memory.desc(
                        new long[] {images, channels, height, width}, memory.data_type.f32, memory.format_tag.nchw),
                library.processor(),
                block.pointer());
    }

    private memory cells(
            TileGrid grid, int images, int channels, int height, int width, FloatPointer picture, int corner) {
        return new memory(
                new memory.desc(new long[] {images, channels, height, width}, memory.data_type.f32, new long[] {
                    channels, 1, (long) grid.columns() * grid.depth(), grid.depth()
                }),
                library.processor(),
                picture.getPointer(FloatPointer.class, corner));
    }

    /** Planes of images. */
    void takeImages(stream queue) {
        arrangeImages.run(queue);
        spreadImages.run(library);
    }

    /** Planes of the signal at the outputs. */
    void takeSignal(stream queue) {
        arrangeSignal.run(queue);
        spreadSignal.run(library);
    }

    /** Outputs from planes of images and weight. */
    void forward(stream queue, boolean bias) {
        forward.run(queue);
        if (bias) {
            addBias.run(library);
        }
        gatherOutputs.run(library);
        restoreOutputs.run(queue);
    }

    /** The signal at the images from planes of signal and weight; in place of the planes of images. */
    void backward(stream queue) {
        backward.run(queue);
        gatherImages.run(library);
        restoreImages.run(queue);
    }

    /** Planes of the weight's gradient, and the bias's gradient, from planes of images and signal. */
    void collect(stream queue, boolean bias, boolean more) {
        (more ? collectMore : collect).run(queue);
        if (bias) {
            (more ? addUpBias : sumBias).run(library);
        }
    }
}
