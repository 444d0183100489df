package dev.tacita.core.model;

import java.util.function.IntFunction;

/** Residual networks (He et al. 2016): a stem, four stages of blocks, the mean of each channel, one dense layer. */
public final class ResNet {
    /** How an image enters. */
    public enum Stem {
        /** One convolution of 3 by 3, for images of about 32 pixels (He et al. 2016, sec. 4.2). */
        SMALL,
        /** A convolution of 7 by 7 and a maximum pooling, both with stride 2, for images of about 224 pixels (sec. 4.1). */
        LARGE
    }

    private ResNet() {}

    /**
     * ResNet-18: two residual blocks in each stage. With a width of 64 and batch normalisation 11,173,962 trained
     * parameters for (3, 32, 32), 10 outputs and the small stem; 11,689,512 for (3, 224, 224), 1000 outputs and the large
     * one.
     *
     * @param image (channels, height, width)
     * @param width filters of the first stage, at least 1; each later stage has twice those of the one before. The paper's
     *     is 64
     * @param outputs logits, at least 1
     * @param norm as in {@link Blocks#batchNorm}; {@link Blocks#groupNorm} keeps examples apart
     */
    public static ModelSpec resNet18(Stem stem, Shape image, int width, int outputs, IntFunction<Normalization> norm) {
        GraphBuilder graph = new GraphBuilder();
        String last = stem(graph, graph.input("image", image), stem, width, norm);
        for (int stage = 1; stage <= 4; stage++) {
            int filters = Math.multiplyExact(width, 1 << (stage - 1));
            for (int block = 1; block <= 2; block++) {
                int stride = stage > 1 && block == 1 ? 2 : 1;
                last = Blocks.residual(graph, "stage-" + stage + "-block-" + block, last, filters, stride, norm);
            }
        }
        String pooled = graph.add("pool", new Pooling.GlobalAvgPool(), last);
        String flat = graph.add("flat", new Layer.Flatten(), pooled);
        return graph.build(graph.add("logits", Layer.Dense.of(outputs), flat));
    }

    private static String stem(
            GraphBuilder graph, String image, Stem stem, int width, IntFunction<Normalization> norm) {
        Window window = stem == Stem.SMALL ? Window.square(3, 1, 1) : Window.square(7, 2, 3);
        String normalized = Blocks.convolution(graph, "stem", image, width, window, norm);
        String active = graph.add("stem-relu", new Layer.Activation(new ActivationFunction.Relu()), normalized);
        return stem == Stem.SMALL
                ? active
                : graph.add("stem-pool", new Layer.MaxPool2d(Window.square(3, 2, 1)), active);
    }
}
