package dev.tacita.engine.kernel;

import dev.tacita.core.model.Window;

/** How images, outputs and weight of a convolution are cut into the tiles of a {@link MinimalFilter}. */
record MinimalTiling(ConvolutionShape shape, MinimalFilter filter) {
    static MinimalTiling of(ConvolutionShape shape) {
        int taps = shape.window().height();
        return new MinimalTiling(shape, new MinimalFilter(MinimalFilter.LARGEST + 1 - taps, taps));
    }

    /** Whether a shape can be tiled: square windows of 2 to 7 cells that move cell by cell, in one group. */
    static boolean covers(ConvolutionShape shape) {
        Window window = shape.window();
        return shape.groups() == 1
                && window.height() == window.width()
                && window.height() >= 2
                && window.height() < MinimalFilter.LARGEST
                && window.strideHeight() == 1
                && window.strideWidth() == 1
                && !window.isDilated()
                && window.paddingHeight() < window.height()
                && window.paddingWidth() < window.width()
                && shape.outputHeight() == shape.height() + 2 * window.paddingHeight() - window.height() + 1
                && shape.outputWidth() == shape.width() + 2 * window.paddingWidth() - window.width() + 1;
    }

    int tilesHigh() {
        return (shape.outputHeight() + filter.outputs() - 1) / filter.outputs();
    }

    int tilesWide() {
        return (shape.outputWidth() + filter.outputs() - 1) / filter.outputs();
    }

    /** Tiles of one image. */
    int tiles() {
        return tilesHigh() * tilesWide();
    }

    int points() {
        return filter.inputs();
    }

    /** Padded images, cell by cell, all channels of all images of a cell next to each other. */
    TileGrid inputs(int images) {
        return grid(tilesHigh(), tilesWide(), filter.outputs(), filter.inputs(), images * shape.channels());
    }

    /** As {@link #inputs}, outputs and their filters. */
    TileGrid outputs(int images) {
        return grid(tilesHigh(), tilesWide(), filter.outputs(), filter.outputs(), images * shape.filters());
    }

    /** The window, cell by cell, all channels and filters of a cell next to each other. */
    TileGrid weights() {
        return grid(1, 1, filter.taps(), filter.taps(), shape.channels() * shape.filters());
    }

    private TileGrid grid(int high, int wide, int step, int side, int depth) {
        return new TileGrid(high, wide, step, side, points(), depth);
    }

    /** Multiplications, as a part of those of the definition. */
    double multiplications() {
        double cells = (double) filter.taps() * filter.taps() * shape.outputHeight() * shape.outputWidth();
        return points() * points() * tiles() / cells;
    }

    /** Numbers of one image in all planes, of channels or filters, whichever are more. */
    long planesOfImage() {
        return (long) points() * points() * tiles() * Math.max(shape.channels(), shape.filters());
    }
}
