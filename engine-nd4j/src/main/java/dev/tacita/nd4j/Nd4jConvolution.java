package dev.tacita.nd4j;

import dev.tacita.core.model.Window;
import dev.tacita.engine.kernel.Convolution;
import dev.tacita.engine.kernel.ConvolutionShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's operations {@code conv2d} and {@code conv2d_bp}. */
final class Nd4jConvolution implements Convolution {
    private static final int EXPLICIT_PADDING = 0;
    private static final int CHANNELS_FIRST = 0;
    private static final int FILTERS_FIRST = 1;

    private final ConvolutionShape shape;
    private final int[] arguments;

    Nd4jConvolution(ConvolutionShape shape) {
        this.shape = shape;
        Window window = shape.window();
        arguments = new int[] {
            window.height(),
            window.width(),
            window.strideHeight(),
            window.strideWidth(),
            window.paddingHeight(),
            window.paddingWidth(),
            window.dilationHeight(),
            window.dilationWidth(),
            EXPLICIT_PADDING,
            CHANNELS_FIRST,
            FILTERS_FIRST
        };
    }

    @Override
    public void forward(int batch, float[] x, float[] parameters, int weight, float[] y) {
        try (INDArray images = images(x, 0, batch);
                INDArray kernel = weight(parameters, weight);
                INDArray bias = bias(parameters, weight);
                INDArray outputs =
                        HostArrays.empty(batch, shape.filters(), shape.outputHeight(), shape.outputWidth())) {
            Nd4j.exec(DynamicCustomOp.builder("conv2d")
                    .addInputs(images, kernel, bias)
                    .addOutputs(outputs)
                    .addIntegerArguments(arguments)
                    .build());
            HostArrays.out(outputs, y, 0);
        }
    }

    @Override
    public void signalOfInput(int batch, float[] signal, float[] parameters, int weight, float[] to) {
        try (INDArray images = HostArrays.empty(batch, shape.channels(), shape.height(), shape.width());
                INDArray kernel = weight(parameters, weight);
                INDArray outputs = outputs(signal, 0, batch);
                INDArray imagesSignal = HostArrays.empty(images.shape());
                INDArray kernelGradient = HostArrays.empty(kernel.shape())) {
            images.assign(0);
            back(images, kernel, outputs, imagesSignal, kernelGradient);
            HostArrays.out(imagesSignal, to, 0);
        }
    }

    @Override
    public void collect(int batch, float[] x, float[] signal, float[] gradient, int weight) {
        collect(0, batch, x, signal, gradient, weight);
    }

    @Override
    public void collectExample(int example, float[] x, float[] signal, float[] gradient, int weight) {
        collect(example, 1, x, signal, gradient, weight);
    }

    private void collect(int first, int count, float[] x, float[] signal, float[] gradient, int weight) {
        try (INDArray images = images(x, first, count);
                INDArray kernel = HostArrays.empty(weightShape());
                INDArray outputs = outputs(signal, first, count);
                INDArray imagesSignal = HostArrays.empty(images.shape());
                INDArray kernelGradient = HostArrays.empty(kernel.shape())) {
            kernel.assign(0);
            back(images, kernel, outputs, imagesSignal, kernelGradient);
            HostArrays.out(kernelGradient, gradient, weight);
            if (shape.bias()) {
                try (INDArray biasGradient = outputs.sum(0, 2, 3)) {
                    HostArrays.out(biasGradient, gradient, weight + shape.weightSize());
                }
            }
        }
    }

    private void back(
            INDArray images, INDArray kernel, INDArray outputs, INDArray imagesSignal, INDArray kernelGradient) {
        Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                .addInputs(images, kernel, outputs)
                .addOutputs(imagesSignal, kernelGradient)
                .addIntegerArguments(arguments)
                .build());
    }

    private INDArray images(float[] x, int first, int count) {
        return HostArrays.in(x, first * shape.inputSize(), count, shape.channels(), shape.height(), shape.width());
    }

    private INDArray outputs(float[] signal, int first, int count) {
        return HostArrays.in(
                signal, first * shape.outputSize(), count, shape.filters(), shape.outputHeight(), shape.outputWidth());
    }

    private long[] weightShape() {
        return new long[] {
            shape.filters(),
            shape.channels(),
            shape.window().height(),
            shape.window().width()
        };
    }

    private INDArray weight(float[] parameters, int weight) {
        return HostArrays.in(parameters, weight, weightShape());
    }

    private INDArray bias(float[] parameters, int weight) {
        if (shape.bias()) {
            return HostArrays.in(parameters, weight + shape.weightSize(), shape.filters());
        }
        return Nd4j.zeros(shape.filters());
    }
}
