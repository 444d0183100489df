package dev.tacita.engine.kernel;

/**
 * Cross-correlations of one {@link ConvolutionShape}, ready to run. Images, outputs and their signals lie one after the
 * other from the beginning of their arrays; the weight lies at {@code weight} and the bias right behind it. The same
 * arguments give the same bits. An instance keeps working memory: it belongs to one thread at a time.
 */
public interface Convolution {
    /** {@code y = w * x + b} for each of {@code batch} images. */
    void forward(int batch, float[] x, float[] parameters, int weight, float[] y);

    /** Writes into {@code to} the signal at the images, given the one at the outputs. */
    void signalOfInput(int batch, float[] signal, float[] parameters, int weight, float[] to);

    /** Writes the gradient of weight and bias, summed over the batch, at their places. */
    void collect(int batch, float[] x, float[] signal, float[] gradient, int weight);

    /**
     * Both ways back of the last {@link #forward} pass: {@link #collect} into {@code gradient} and {@link #signalOfInput} into
     * {@code to}.
     *
     * @param x as they were in that pass, unchanged
     * @param parameters as they were in that pass, unchanged
     */
    default void backward(
            int batch, float[] x, float[] signal, float[] parameters, int weight, float[] gradient, float[] to) {
        collect(batch, x, signal, gradient, weight);
        signalOfInput(batch, signal, parameters, weight, to);
    }

    /** As {@link #collect}, of example {@code example} alone. */
    void collectExample(int example, float[] x, float[] signal, float[] gradient, int weight);
}
