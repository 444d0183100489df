package dev.tacita.onnx;

import dev.tacita.core.model.ActivationFunction;
import java.util.List;

/** Writes the element-wise functions in ONNX operators. */
final class ActivationEmitter {
    private static final int FIRST_OPSET_WITH_GELU = 20;

    private final Emission emission;
    private final String input;
    private final int opset;

    ActivationEmitter(Emission emission, String input, int opset) {
        this.emission = emission;
        this.input = input;
        this.opset = opset;
    }

    Emission emit(ActivationFunction function) {
        if (function instanceof ActivationFunction.LeakyRelu leaky) {
            return emission.last("LeakyRelu", List.of(input), Attributes.number("alpha", leaky.slope()));
        } else if (function instanceof ActivationFunction.Elu elu) {
            return emission.last("Elu", List.of(input), Attributes.number("alpha", elu.alpha()));
        } else if (function instanceof ActivationFunction.Gelu gelu) {
            return opset >= FIRST_OPSET_WITH_GELU ? gelu(gelu) : geluInParts(gelu);
        } else if (function instanceof ActivationFunction.Silu) {
            String sigmoid = emission.part("sigmoid", "Sigmoid", List.of(input));
            return emission.last("Mul", List.of(input, sigmoid));
        } else if (function instanceof ActivationFunction.Hardtanh hardtanh) {
            return clip(hardtanh.min(), hardtanh.max());
        } else if (function instanceof ActivationFunction.Relu6) {
            return clip(0, 6);
        } else if (function instanceof ActivationFunction.Relu) {
            return emission.last("Relu", List.of(input));
        } else if (function instanceof ActivationFunction.Tanh) {
            return emission.last("Tanh", List.of(input));
        } else if (function instanceof ActivationFunction.Sigmoid) {
            return emission.last("Sigmoid", List.of(input));
        } else if (function instanceof ActivationFunction.Softplus) {
            return emission.last("Softplus", List.of(input));
        }
        throw new IllegalArgumentException("there is no ONNX operator for " + function.name());
    }

    private Emission clip(double min, double max) {
        return emission.last("Clip", List.of(input, emission.number("min", min), emission.number("max", max)));
    }

    private Emission gelu(ActivationFunction.Gelu gelu) {
        return gelu.tanhApproximation()
                ? emission.last("Gelu", List.of(input), Attributes.text("approximate", "tanh"))
                : emission.last("Gelu", List.of(input));
    }

    /** x/2 (1 + erf(x / sqrt 2)), or x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
    private Emission geluInParts(ActivationFunction.Gelu gelu) {
        String inner;
        if (gelu.tanhApproximation()) {
            String square = emission.part("square", "Mul", List.of(input, input));
            String cube = emission.part("cube", "Mul", List.of(square, input));
            String term = emission.part("term", "Mul", List.of(cube, emission.number("cube-factor", 0.044715)));
            String sum = emission.part("sum", "Add", List.of(input, term));
            String scaled =
                    emission.part("scaled", "Mul", List.of(sum, emission.number("scale", Math.sqrt(2 / Math.PI))));
            inner = emission.part("tanh", "Tanh", List.of(scaled));
        } else {
            String scaled = emission.part("scaled", "Div", List.of(input, emission.number("root-two", Math.sqrt(2))));
            inner = emission.part("erf", "Erf", List.of(scaled));
        }
        String shifted = emission.part("shifted", "Add", List.of(inner, emission.number("one", 1)));
        String product = emission.part("product", "Mul", List.of(input, shifted));
        return emission.last("Mul", List.of(product, emission.number("half", 0.5)));
    }
}
