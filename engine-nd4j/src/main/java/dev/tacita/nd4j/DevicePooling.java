package dev.tacita.nd4j;

import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Pooling2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/** Poolings in a graph. */
final class DevicePooling {
    private DevicePooling() {}

    static SDVariable max(DeviceNode node, Window window) {
        return node.graph().cnn().maxPooling2d(node.input(), config(window, Pooling2D.Pooling2DType.MAX));
    }

    static SDVariable mean(DeviceNode node, Window window) {
        return node.graph().cnn().avgPooling2d(node.input(), config(window, Pooling2D.Pooling2DType.AVG));
    }

    private static Pooling2DConfig config(Window window, Pooling2D.Pooling2DType type) {
        return Pooling2DConfig.builder()
                .kH(window.height())
                .kW(window.width())
                .sH(window.strideHeight())
                .sW(window.strideWidth())
                .pH(window.paddingHeight())
                .pW(window.paddingWidth())
                .dH(1)
                .dW(1)
                .paddingMode(PaddingMode.VALID)
                .type(type)
                .divisor(Pooling2D.Divisor.EXCLUDE_PADDING)
                .isNHWC(false)
                .build();
    }

    /** Means over bins, as a product with a matrix for the columns and one for the rows. */
    static SDVariable adaptive(DeviceNode node, Pooling.AdaptiveAvgPool2d layer) {
        Shape shape = node.inputShape();
        int channels = shape.dimension(0);
        int height = shape.dimension(1);
        int width = shape.dimension(2);
        SDVariable columns = node.graph().constant(Nd4j.createFromArray(shares(width, layer.width())));
        SDVariable rows = node.graph().constant(Nd4j.createFromArray(shares(height, layer.height())));
        SDVariable narrow = node.input()
                .reshape((long) node.batch() * channels * height, width)
                .mmul(columns)
                .reshape((long) node.batch() * channels, height, layer.width())
                .permute(0, 2, 1)
                .reshape((long) node.batch() * channels * layer.width(), height);
        return node.output(narrow.mmul(rows)
                .reshape((long) node.batch() * channels, layer.width(), layer.height())
                .permute(0, 2, 1));
    }

    /** How much of each cell, by row, each bin takes, by column. */
    private static float[][] shares(int cells, int bins) {
        float[][] shares = new float[cells][bins];
        for (int bin = 0; bin < bins; bin++) {
            int first = Pooling.AdaptiveAvgPool2d.firstOfBin(bin, cells, bins);
            int end = Pooling.AdaptiveAvgPool2d.endOfBin(bin, cells, bins);
            for (int cell = first; cell < end; cell++) {
                shares[cell][bin] = 1f / (end - first);
            }
        }
        return shares;
    }
}
