package dev.tacita.onnx;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.onnx.Value.Numbers;
import dev.tacita.onnx.Value.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that slide a window over images. */
final class WindowOperators {
    private WindowOperators() {}

    static void addTo(Map<String, OperatorReader> readers) {
        readers.put("Conv", WindowOperators::convolution);
        readers.put("MaxPool", WindowOperators::maxPool);
        readers.put("AveragePool", WindowOperators::averagePool);
        readers.put("GlobalAveragePool", WindowOperators::globalAveragePool);
        readers.put("ReduceMean", WindowOperators::reduceMean);
    }

    private static Value convolution(NodeCall call) {
        Signal image = image(call);
        Numbers weight = call.numbers(1);
        if (weight.rank() != 4) {
            throw new IllegalArgumentException(
                    "its weight must be (filters, channels, height, width). Provided rank: " + weight.rank());
        }
        long groups = call.integer("group", 1);
        if (groups < 1 || groups > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "attribute 'group' must be from 1 to " + Short.MAX_VALUE + ". Provided value: " + groups);
        }
        int[] dilations = call.sizes("dilations", 2, 1, 1);
        int[] shape = weight.dimensions();
        int[] kernel = call.sizes("kernel_shape", 2, 1, 1);
        if (call.list("kernel_shape").isPresent() && (kernel[0] != shape[2] || kernel[1] != shape[3])) {
            throw new IllegalArgumentException("kernel_shape must be that of its weight, " + shape[2] + " x " + shape[3]
                    + ". Provided value: " + kernel[0] + " x " + kernel[1]);
        }
        Window window = window(call, image.shape(), shape[2], shape[3], dilations);
        List<Numbers> tensors = new ArrayList<>(List.of(weight));
        call.optionalNumbers(2).ifPresent(tensors::add);
        Layer layer = new Layer.Conv2d(shape[0], window, (int) groups, tensors.size() == 2, NodeCall.INITIALIZER);
        return call.add(layer, List.of(image), tensors);
    }

    private static Value maxPool(NodeCall call) {
        Signal image = image(call);
        requireOnes(call, "dilations");
        call.ignore("storage_order");
        return call.add(new Layer.MaxPool2d(poolingWindow(call, image.shape())), List.of(image));
    }

    private static Value averagePool(NodeCall call) {
        Signal image = image(call);
        requireOnes(call, "dilations");
        Window window = poolingWindow(call, image.shape());
        boolean counted = call.integer("count_include_pad", 0) != 0;
        if (counted && (window.paddingHeight() > 0 || window.paddingWidth() > 0)) {
            throw new IllegalArgumentException("count_include_pad must be 0 where there is padding. Provided value: 1");
        }
        return call.add(new Layer.AvgPool2d(window), List.of(image));
    }

    private static Value globalAveragePool(NodeCall call) {
        Signal image = image(call);
        return call.add(new Pooling.GlobalAvgPool(), List.of(image));
    }

    /** Means of whole channels. */
    private static Value reduceMean(NodeCall call) {
        Signal image = image(call);
        long[] axes = call.list("axes")
                .map(list -> list.stream().mapToLong(Long::longValue).toArray())
                .or(() -> call.optionalIntegers(1))
                .orElse(new long[0]);
        List<Integer> dimensions = Arrays.stream(axes)
                .mapToObj(axis -> call.dimension(axis, image.shape()))
                .sorted()
                .toList();
        call.ignore("noop_with_empty_axes");
        if (!dimensions.equals(List.of(1, 2))) {
            throw new IllegalArgumentException(
                    "its axes must be the height and width of images. Provided value: " + Arrays.toString(axes));
        }
        Signal means = call.add(new Pooling.GlobalAvgPool(), List.of(image));
        return call.integer("keepdims", 1) == 1 ? means : call.add(new Layer.Flatten(), List.of(means));
    }

    static Signal image(NodeCall call) {
        Signal signal = call.signal(0);
        if (signal.shape().rank() != 3) {
            throw new IllegalArgumentException(
                    "its input must be images, (channels, height, width). Provided shape: " + signal.shape());
        }
        return signal;
    }

    private static void requireOnes(NodeCall call, String name) {
        for (int value : call.sizes(name, 2, 1, 1)) {
            if (value != 1) {
                throw new IllegalArgumentException("attribute '" + name + "' must be 1. Provided value: " + value);
            }
        }
    }

    private static Window poolingWindow(NodeCall call, Shape image) {
        if (call.list("kernel_shape").isEmpty()) {
            throw new IllegalArgumentException("attribute 'kernel_shape' is missing");
        }
        int[] kernel = call.sizes("kernel_shape", 2, 1, 1);
        Window window = window(call, image, kernel[0], kernel[1], new int[] {1, 1});
        if (call.integer("ceil_mode", 0) != 0
                && ((image.dimension(1) + 2 * window.paddingHeight() - window.height()) % window.strideHeight() != 0
                        || (image.dimension(2) + 2 * window.paddingWidth() - window.width()) % window.strideWidth()
                                != 0)) {
            throw new IllegalArgumentException("ceil_mode must be 0 where the windows leave a rest. Provided value: 1");
        }
        return window;
    }

    private static Window window(NodeCall call, Shape image, int height, int width, int[] dilations) {
        int[] strides = call.sizes("strides", 2, 1, 1);
        int[] pads = call.sizes("pads", 4, 0, 0);
        String automatic = call.text("auto_pad", "NOTSET");
        switch (automatic) {
            case "NOTSET" -> {}
            case "VALID" -> pads = new int[4];
            case "SAME_UPPER", "SAME_LOWER" -> {
                int rows = same(image.dimension(1), (height - 1) * dilations[0] + 1, strides[0]);
                int columns = same(image.dimension(2), (width - 1) * dilations[1] + 1, strides[1]);
                pads = new int[] {rows / 2, columns / 2, rows - rows / 2, columns - columns / 2};
            }
            default ->
                throw new IllegalArgumentException("attribute 'auto_pad' must be NOTSET, VALID, SAME_UPPER or"
                        + " SAME_LOWER. Provided value: " + Printable.of(automatic));
        }
        if (pads[0] != pads[2] || pads[1] != pads[3]) {
            throw new IllegalArgumentException(
                    "the padding must be the same above and below, left and right. Provided value: "
                            + List.of(pads[0], pads[1], pads[2], pads[3]));
        }
        return new Window(height, width, strides[0], strides[1], pads[0], pads[1]).dilated(dilations[0], dilations[1]);
    }

    private static int same(int input, int kernel, int stride) {
        return Math.max(((input + stride - 1) / stride - 1) * stride + kernel - input, 0);
    }
}
