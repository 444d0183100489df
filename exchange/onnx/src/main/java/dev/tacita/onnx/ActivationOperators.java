package dev.tacita.onnx;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.onnx.Value.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Operators that act on each element, and softmax. */
final class ActivationOperators {
    private ActivationOperators() {}

    static void addTo(Map<String, OperatorReader> readers) {
        readers.put("Relu", activation(call -> new ActivationFunction.Relu()));
        readers.put("LeakyRelu", activation(call -> new ActivationFunction.LeakyRelu(call.number("alpha", 0.01))));
        readers.put("Elu", activation(call -> new ActivationFunction.Elu(call.number("alpha", 1))));
        readers.put("Tanh", ActivationOperators::tanh);
        readers.put("Gelu", activation(ActivationOperators::gelu));
        readers.put("Clip", activation(ActivationOperators::clip));
        readers.put("Sigmoid", activation(call -> new ActivationFunction.Sigmoid()));
        readers.put("Softplus", activation(call -> new ActivationFunction.Softplus()));
        readers.put("Softmax", ActivationOperators::softmax);
    }

    private static OperatorReader activation(Function<NodeCall, ActivationFunction> function) {
        return call -> call.add(new Layer.Activation(function.apply(call)), List.of(call.signal(0)));
    }

    private static Value tanh(NodeCall call) {
        return call.value(0) instanceof Formula formula
                ? formula.within("tanh")
                : call.add(new Layer.Activation(new ActivationFunction.Tanh()), List.of(call.signal(0)));
    }

    private static ActivationFunction gelu(NodeCall call) {
        String approximation = call.text("approximate", "none");
        return switch (approximation) {
            case "none" -> new ActivationFunction.Gelu(false);
            case "tanh" -> new ActivationFunction.Gelu(true);
            default ->
                throw new IllegalArgumentException(
                        "attribute 'approximate' must be none or tanh. Provided value: " + Printable.of(approximation));
        };
    }

    private static ActivationFunction clip(NodeCall call) {
        double min = bound(call, 1);
        double max = bound(call, 2);
        return min == 0 && max == 6 ? new ActivationFunction.Relu6() : new ActivationFunction.Hardtanh(min, max);
    }

    private static double bound(NodeCall call, int index) {
        return call.optionalNumbers(index)
                .filter(Value.Numbers::single)
                .map(number -> NodeCall.shortest(number.values()[0]))
                .orElseThrow(
                        () -> new IllegalArgumentException("both of its bounds must be given, as one number each"));
    }

    private static Value softmax(NodeCall call) {
        Signal signal = call.signal(0);
        long axis = call.integer("axis", -1);
        if (call.dimension(axis, signal.shape()) != signal.shape().rank() - 1) {
            throw new IllegalArgumentException("axis must be the last one, -1. Provided value: " + axis);
        }
        return call.add(new Layer.Softmax(), List.of(signal));
    }
}
