package dev.tacita.engine.kernel;

import dev.tacita.core.model.Window;

/** The three results of a convolution by its definition, in double precision. */
final class NaiveConvolution {
    final double[] y;
    final double[] to;
    final double[] gradient;

    NaiveConvolution(ConvolutionShape shape, int batch, float[] x, float[] signal, float[] parameters, int offset) {
        y = new double[batch * shape.outputSize()];
        to = new double[batch * shape.inputSize()];
        gradient = new double[shape.weightSize() + (shape.bias() ? shape.filters() : 0)];
        Window window = shape.window();
        int channels = shape.channels() / shape.groups();
        for (int out = 0; out < y.length; out++) {
            int column = out % shape.outputWidth();
            int row = out / shape.outputWidth() % shape.outputHeight();
            int filter = out / (shape.outputWidth() * shape.outputHeight()) % shape.filters();
            int example = out / shape.outputSize();
            int firstChannel = filter / (shape.filters() / shape.groups()) * channels;
            if (shape.bias()) {
                y[out] = parameters[offset + shape.weightSize() + filter];
                gradient[shape.weightSize() + filter] += signal[out];
            }
            for (int cell = 0; cell < channels * window.height() * window.width(); cell++) {
                int kx = cell % window.width();
                int ky = cell / window.width() % window.height();
                int channel = firstChannel + cell / (window.width() * window.height());
                int i = row * window.strideHeight() + ky * window.dilationHeight() - window.paddingHeight();
                int j = column * window.strideWidth() + kx * window.dilationWidth() - window.paddingWidth();
                if (i < 0 || i >= shape.height() || j < 0 || j >= shape.width()) {
                    continue;
                }
                int in = ((example * shape.channels() + channel) * shape.height() + i) * shape.width() + j;
                int weight = filter * channels * window.height() * window.width() + cell;
                y[out] += (double) parameters[offset + weight] * x[in];
                to[in] += (double) parameters[offset + weight] * signal[out];
                gradient[weight] += (double) signal[out] * x[in];
            }
        }
    }
}
