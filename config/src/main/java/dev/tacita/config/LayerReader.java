package dev.tacita.config;

import static dev.tacita.config.Kinds.bool;
import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.number;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads one layer of a model. */
final class LayerReader {
    /** The largest kernel, stride, padding or dilation: larger ones are mistakes, and would overflow. */
    static final int MAX_CELLS = 65_536;

    static final Map<String, Function<Section, Value<Layer>>> LAYERS = new LinkedHashMap<>();

    static {
        LAYERS.put("dense", LayerReader::dense);
        LAYERS.put("conv2d", LayerReader::conv2d);
        LAYERS.put("max-pool2d", section -> pool(section, Layer.MaxPool2d::new));
        LAYERS.put("avg-pool2d", section -> pool(section, Layer.AvgPool2d::new));
        LAYERS.put("global-avg-pool", section -> section.create(Pooling.GlobalAvgPool::new));
        LAYERS.put("adaptive-avg-pool2d", LayerReader::adaptiveAvgPool);
        LAYERS.putAll(NormalizationReader.LAYERS);
        LAYERS.put("relu", section -> activation(section, new ActivationFunction.Relu()));
        LAYERS.put("leaky-relu", LayerReader::leakyRelu);
        LAYERS.put("elu", LayerReader::elu);
        LAYERS.put("tanh", section -> activation(section, new ActivationFunction.Tanh()));
        LAYERS.put("sigmoid", section -> activation(section, new ActivationFunction.Sigmoid()));
        LAYERS.put("softplus", section -> activation(section, new ActivationFunction.Softplus()));
        LAYERS.put("gelu", LayerReader::gelu);
        LAYERS.put("silu", section -> activation(section, new ActivationFunction.Silu()));
        LAYERS.put("hardtanh", LayerReader::hardtanh);
        LAYERS.put("relu6", section -> activation(section, new ActivationFunction.Relu6()));
        LAYERS.put("softmax", section -> section.create(Layer.Softmax::new));
        LAYERS.put("flatten", section -> section.create(Layer.Flatten::new));
        LAYERS.put("dropout", LayerReader::dropout);
        LAYERS.put("add", section -> section.create(Layer.Add::new));
        LAYERS.put("multiply", section -> section.create(Layer.Multiply::new));
        LAYERS.put("concat", section -> section.create(Layer.Concat::new));
        LAYERS.putAll(RearrangementReader.LAYERS);
        LAYERS.putAll(SequenceReader.LAYERS);
    }

    private LayerReader() {}

    private static Value<Layer> dense(Section section) {
        Value<Integer> units = section.required("units", integer(1, Integer.MAX_VALUE));
        Value<Boolean> bias = section.optional("bias", bool(), true);
        Value<Initializer> initializer = initializer(section);
        return section.create(() -> new Layer.Dense(units.get(), bias.get(), initializer.get()));
    }

    private static Value<Layer> conv2d(Section section) {
        Value<Integer> filters = section.required("filters", integer(1, Integer.MAX_VALUE));
        Value<Window> window = window(section, Optional.of(new Pair(1, 1)));
        Value<Pair> dilation = section.optional("dilation", pair(1), new Pair(1, 1));
        Value<Integer> groups = section.optional("groups", integer(1, Integer.MAX_VALUE), 1);
        Value<Boolean> bias = section.optional("bias", bool(), true);
        Value<Initializer> initializer = initializer(section);
        return section.create(() -> new Layer.Conv2d(
                filters.get(),
                window.get().dilated(dilation.get().height(), dilation.get().width()),
                groups.get(),
                bias.get(),
                initializer.get()));
    }

    private static Value<Layer> pool(Section section, Function<Window, Layer> layer) {
        Value<Window> window = window(section, Optional.empty());
        return section.create(() -> layer.apply(window.get()));
    }

    private static Value<Layer> adaptiveAvgPool(Section section) {
        Value<Pair> size = section.required("size", pair(1));
        return section.create(() ->
                new Pooling.AdaptiveAvgPool2d(size.get().height(), size.get().width()));
    }

    private static Value<Layer> leakyRelu(Section section) {
        Value<Double> slope = section.required("slope", number(">= 0 and < 1", value -> value >= 0 && value < 1));
        return section.create(() -> new Layer.Activation(new ActivationFunction.LeakyRelu(slope.get())));
    }

    private static Value<Layer> elu(Section section) {
        Value<Double> alpha = section.required("alpha", number("> 0", value -> value > 0));
        return section.create(() -> new Layer.Activation(new ActivationFunction.Elu(alpha.get())));
    }

    private static Value<Layer> gelu(Section section) {
        Value<Boolean> tanh = section.optional("tanh-approximation", bool(), false);
        return section.create(() -> new Layer.Activation(new ActivationFunction.Gelu(tanh.get())));
    }

    private static Value<Layer> hardtanh(Section section) {
        Value<Double> min = section.optional("min", number(), -1.0);
        Value<Double> max = section.optional("max", number(), 1.0);
        return section.create(() -> new Layer.Activation(new ActivationFunction.Hardtanh(min.get(), max.get())));
    }

    private static Value<Layer> dropout(Section section) {
        Value<Double> rate = section.required("rate", number(">= 0 and < 1", value -> value >= 0 && value < 1));
        return section.create(() -> new Layer.Dropout(rate.get()));
    }

    private static Value<Layer> activation(Section section, ActivationFunction function) {
        return section.create(() -> new Layer.Activation(function));
    }

    private static Value<Initializer> initializer(Section section) {
        return section.optional("initializer", constant(Initializer.class), Initializer.GLOROT_UNIFORM);
    }

    /** @param stride where the section has none; empty means the kernel's */
    private static Value<Window> window(Section section, Optional<Pair> stride) {
        Value<Pair> kernel = section.required("kernel", pair(1));
        Value<Optional<Pair>> given = section.optional("stride", pair(1));
        Value<Pair> padding = section.optional("padding", pair(0), new Pair(0, 0));
        return section.create(() -> {
            Pair step = given.get().or(() -> stride).orElse(kernel.get());
            return new Window(
                    kernel.get().height(),
                    kernel.get().width(),
                    step.height(),
                    step.width(),
                    padding.get().height(),
                    padding.get().width());
        });
    }

    private static Kind<Pair> pair(int least) {
        Kind<Pair> square = integer(least, MAX_CELLS, ", or [height, width]").map(side -> new Pair(side, side));
        Kind<Pair> both = list(integer(least, MAX_CELLS)).map(Pair::of);
        return element -> (element.isList() ? both : square).read(element);
    }

    /** Rows and columns. */
    private record Pair(int height, int width) {
        static Pair of(List<Integer> sides) {
            if (sides.size() != 2) {
                throw new IllegalArgumentException("must be [height, width]. Provided value: " + sides);
            }
            return new Pair(sides.get(0), sides.get(1));
        }
    }
}
