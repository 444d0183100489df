package dev.tacita.core.model;

import java.math.BigInteger;
import java.util.function.IntFunction;

/**
 * Sub-graphs that models are made of. Each method adds nodes to a builder, whose ids begin with {@code id} and a hyphen,
 * and returns the id of its output. A normalisation is chosen by the number of channels it is to normalise.
 */
public final class Blocks {
    private static final Layer RELU = new Layer.Activation(new ActivationFunction.Relu());

    private Blocks() {}

    /** {@link Normalization.BatchNorm} everywhere. */
    public static IntFunction<Normalization> batchNorm() {
        return channels -> Normalization.BatchNorm.standard();
    }

    /**
     * {@link Normalization.GroupNorm} in this many groups, or, where that does not divide the channels, in as many as
     * divide both.
     */
    public static IntFunction<Normalization> groupNorm(int groups) {
        Layers.atLeast("groups", groups, 1);
        return channels -> Normalization.GroupNorm.of(
                BigInteger.valueOf(groups).gcd(BigInteger.valueOf(channels)).intValueExact());
    }

    /** A convolution without bias, he-normal, and a normalisation. */
    public static String convolution(
            GraphBuilder graph, String id, String from, int filters, Window window, IntFunction<Normalization> norm) {
        var layer = new Layer.Conv2d(filters, window, false, Initializer.HE_NORMAL);
        return graph.add(id + "-norm", norm.apply(filters), graph.add(id + "-conv", layer, from));
    }

    /**
     * Two convolutions of 3 by 3 around which the input is added (He et al. 2016, fig. 2): (C, H, W) to (filters,
     * H / stride, W / stride), both rounded up. Where the shape changes, the input passes a convolution of 1 by 1.
     */
    public static String residual(
            GraphBuilder graph, String id, String from, int filters, int stride, IntFunction<Normalization> norm) {
        String first = convolution(graph, id + "-1", from, filters, Window.square(3, stride, 1), norm);
        String active = graph.add(id + "-1-relu", RELU, first);
        String second = convolution(graph, id + "-2", active, filters, Window.square(3, 1, 1), norm);
        return joined(graph, id, from, second, stride, norm);
    }

    /**
     * Convolutions of 1 by 1 to {@code filters}, of 3 by 3, and of 1 by 1 to 4 * {@code filters}, around which the input
     * is added (He et al. 2016, fig. 5): (C, H, W) to (4 * filters, H / stride, W / stride), both rounded up. The stride
     * is at the second.
     */
    public static String bottleneck(
            GraphBuilder graph, String id, String from, int filters, int stride, IntFunction<Normalization> norm) {
        Window point = Window.square(1, 1, 0);
        String first = convolution(graph, id + "-1", from, filters, point, norm);
        String narrow = graph.add(id + "-1-relu", RELU, first);
        String second = convolution(graph, id + "-2", narrow, filters, Window.square(3, stride, 1), norm);
        String active = graph.add(id + "-2-relu", RELU, second);
        String third = convolution(graph, id + "-3", active, Math.multiplyExact(4, filters), point, norm);
        return joined(graph, id, from, third, stride, norm);
    }

    private static String joined(
            GraphBuilder graph, String id, String from, String branch, int stride, IntFunction<Normalization> norm) {
        Shape shape = graph.shape(branch);
        String shortcut = graph.shape(from).equals(shape)
                ? from
                : convolution(graph, id + "-shortcut", from, shape.dimension(0), Window.square(1, stride, 0), norm);
        return graph.add(id + "-relu", RELU, graph.add(id + "-sum", new Layer.Add(), branch, shortcut));
    }
}
