package dev.tacita.engine.kernel;

/** Where the operands and results of a convolution lie in native memory, laid out as in the heap. */
record OneDnnBlocks(NativeBlock images, NativeBlock outputs, NativeBlock weight, NativeBlock bias) {
    static OneDnnBlocks of(ConvolutionShape shape, int images) {
        return new OneDnnBlocks(
                new NativeBlock(images * shape.inputSize()),
                new NativeBlock(images * shape.outputSize()),
                new NativeBlock(shape.weightSize()),
                new NativeBlock(shape.filters()));
    }
}
