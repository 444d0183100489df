package dev.tacita.nd4j;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/** A convolution in a graph; one in groups is a convolution for each group, or depthwise. */
final class DeviceConvolution {
    private final DeviceNode node;
    private final Layer.Conv2d layer;
    private final SameDiff graph;

    DeviceConvolution(DeviceNode node, Layer.Conv2d layer) {
        this.node = node;
        this.layer = layer;
        graph = node.graph();
    }

    SDVariable output() {
        int channels = node.inputShape().dimension(0);
        SDVariable product;
        if (layer.groups() == 1) {
            product = convolve(node.input(), node.parameter(0));
        } else if (layer.groups() == channels) {
            product = depthwise(channels);
        } else {
            product = inGroups();
        }
        return layer.bias() ? product.add(node.parameter(1).reshape(1, layer.filters(), 1, 1)) : product;
    }

    /** The derivative of SameDiff's convolution knows weights of (height, width, channels, filters) only. */
    private SDVariable convolve(SDVariable images, SDVariable weight) {
        return graph.cnn().conv2d(images, weight.permute(2, 3, 1, 0), config());
    }

    private SDVariable depthwise(int channels) {
        Window window = layer.window();
        SDVariable weight = node.parameter(0)
                .reshape(channels, layer.filters() / channels, window.height(), window.width())
                .permute(2, 3, 0, 1);
        return graph.cnn().depthWiseConv2d(node.input(), weight, config());
    }

    private SDVariable inGroups() {
        SDVariable[] images = graph.split(node.input(), layer.groups(), 1);
        SDVariable[] weights = graph.split(node.parameter(0), layer.groups(), 0);
        List<SDVariable> outputs = new ArrayList<>();
        for (int group = 0; group < layer.groups(); group++) {
            outputs.add(convolve(images[group], weights[group]));
        }
        return graph.concat(1, outputs.toArray(SDVariable[]::new));
    }

    private Conv2DConfig config() {
        Window window = layer.window();
        return Conv2DConfig.builder()
                .kH(window.height())
                .kW(window.width())
                .sH(window.strideHeight())
                .sW(window.strideWidth())
                .pH(window.paddingHeight())
                .pW(window.paddingWidth())
                .dH(window.dilationHeight())
                .dW(window.dilationWidth())
                .paddingMode(PaddingMode.VALID)
                .dataFormat(Conv2DConfig.NCHW)
                .weightsFormat(WeightsFormat.YXIO)
                .build();
    }
}
