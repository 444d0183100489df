package dev.tacita.onnx;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import dev.tacita.onnx.Value.Numbers;
import dev.tacita.onnx.Value.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Sums and products. */
final class ArithmeticOperators {
    private static final Layer SIGMOID = new Layer.Activation(new ActivationFunction.Sigmoid());

    private ArithmeticOperators() {}

    static void addTo(Map<String, OperatorReader> readers) {
        readers.put("Gemm", ArithmeticOperators::gemm);
        readers.put("MatMul", ArithmeticOperators::matMul);
        readers.put("Add", ArithmeticOperators::add);
        readers.put("Mul", ArithmeticOperators::multiply);
        readers.put("Div", ArithmeticOperators::divide);
        readers.put("Pow", ArithmeticOperators::power);
        readers.put("Erf", ArithmeticOperators::erf);
        readers.put("Sum", ArithmeticOperators::sum);
    }

    private static Value gemm(NodeCall call) {
        Signal input = call.signal(0);
        call.requireInteger("transA", 0);
        boolean transposed = call.integer("transB", 0) != 0;
        Numbers weight = matrix(call.numbers(1));
        Numbers rows = scaled(transposed ? weight : Tensors.transposed(weight, call), call.number("alpha", 1), call);
        List<Numbers> tensors = new ArrayList<>(List.of(rows));
        double beta = call.number("beta", 1);
        int units = rows.dimensions()[0];
        call.optionalNumbers(2).ifPresent(bias -> tensors.add(scaled(Tensors.vector(bias, units, call), beta, call)));
        return dense(call, input, tensors);
    }

    private static Value matMul(NodeCall call) {
        return dense(call, call.signal(0), List.of(Tensors.transposed(matrix(call.numbers(1)), call)));
    }

    private static Signal dense(NodeCall call, Signal input, List<Numbers> tensors) {
        Layer layer = new Layer.Dense(tensors.get(0).dimensions()[0], tensors.size() == 2, NodeCall.INITIALIZER);
        return call.add(layer, List.of(input), tensors);
    }

    private static Numbers matrix(Numbers weight) {
        if (weight.rank() != 2) {
            throw new IllegalArgumentException(
                    "its weight must be a matrix. Provided shape: " + Arrays.toString(weight.dimensions()));
        }
        return weight;
    }

    private static Numbers scaled(Numbers numbers, double factor, NodeCall call) {
        if (factor == 1) {
            return numbers;
        }
        call.context().budget().spend(numbers.values().length);
        float[] values = numbers.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * factor);
        }
        return new Numbers(numbers.name(), numbers.dimensions(), values);
    }

    private static Value sum(NodeCall call) {
        return call.inputCount() == 1 ? call.signal(0) : call.add(new Layer.Add(), call.signals());
    }

    private static Value multiply(NodeCall call) {
        if (call.isSignal(0) && call.isSignal(1)) {
            return silu(call, 0).or(() -> silu(call, 1)).orElseGet(() -> product(call));
        }
        for (int i = 0; i < 2; i++) {
            if (call.isSignal(i)
                    && call.value(1 - i) instanceof Numbers weight
                    && perChannel(weight, call.signal(i).shape())) {
                Optional<Value> normal = NormalizationOperators.scaledGroups(call, call.signal(i), weight);
                if (normal.isPresent()) {
                    return normal.get();
                }
            }
        }
        return combined(call, Formula::times, Formula::times);
    }

    private static Value product(NodeCall call) {
        List<Signal> signals = call.signals();
        return signals.get(0).equals(signals.get(1))
                ? Formula.of(signals.get(0)).times(Formula.of(signals.get(1)))
                : call.add(new Layer.Multiply(), signals);
    }

    /** x * sigmoid(x), where nobody else reads the sigmoid. */
    private static Optional<Value> silu(NodeCall call, int gate) {
        Signal sigmoid = call.signal(gate);
        Signal x = call.signal(1 - gate);
        Draft draft = call.context().draft();
        boolean matches = draft.entry(sigmoid.id())
                .filter(entry -> entry.node().layer().equals(SIGMOID)
                        && entry.node().inputs().equals(List.of(x.id()))
                        && call.isOnlyReader(sigmoid))
                .isPresent();
        if (!matches) {
            return Optional.empty();
        }
        call.takeBack(sigmoid.id());
        return Optional.of(call.add(new Layer.Activation(new ActivationFunction.Silu()), List.of(x)));
    }

    private static Value divide(NodeCall call) {
        Formula dividend = formula(call, 0);
        Numbers divisor = call.numbers(1);
        if (!divisor.single() || divisor.values()[0] == 0) {
            throw new IllegalArgumentException("its divisor must be one number other than 0");
        }
        return known(call, dividend.times(1.0 / divisor.values()[0]));
    }

    private static Value power(NodeCall call) {
        Formula base = formula(call, 0);
        double exponent = call.value(1) instanceof Numbers numbers && numbers.single() ? numbers.values()[0] : 0;
        if (exponent == 2) {
            return base.times(base);
        } else if (exponent == 3) {
            return base.times(base).times(base);
        }
        throw new IllegalArgumentException("its exponent must be 2 or 3. Provided value: " + exponent);
    }

    private static Value erf(NodeCall call) {
        return formula(call, 0).within("erf");
    }

    private static Formula formula(NodeCall call, int index) {
        return Formula.of(call.value(index))
                .orElseThrow(
                        () -> new IllegalArgumentException("input " + index + " must come from the model's input"));
    }

    private static Value combined(
            NodeCall call,
            BiFunction<Formula, Double, Formula> withConstant,
            BiFunction<Formula, Formula, Formula> withFormula) {
        for (int i = 0; i < 2; i++) {
            if (call.value(i) instanceof Numbers numbers) {
                if (!numbers.single()) {
                    throw new IllegalArgumentException(
                            "a constant tensor beside a signal must be a bias, or one number. Provided shape: "
                                    + Arrays.toString(numbers.dimensions()));
                }
                return known(call, withConstant.apply(formula(call, 1 - i), NodeCall.shortest(numbers.values()[0])));
            }
        }
        return known(call, withFormula.apply(formula(call, 0), formula(call, 1)));
    }

    private static Value known(NodeCall call, Formula formula) {
        Optional<ActivationFunction> function = formula.function();
        return function.isPresent() ? call.add(new Layer.Activation(function.get()), List.of(formula.of())) : formula;
    }

    private static Value add(NodeCall call) {
        if (call.isSignal(0) && call.isSignal(1)) {
            return call.add(new Layer.Add(), call.signals());
        }
        for (int i = 0; i < 2; i++) {
            if (call.isSignal(i) && call.value(1 - i) instanceof Numbers bias) {
                Optional<Value> biased = withBias(call, call.signal(i), bias);
                if (biased.isPresent()) {
                    return biased.get();
                }
            }
        }
        return combined(call, Formula::plus, Formula::plus);
    }

    /** The layer before it gets the bias that it lacks. */
    private static Optional<Value> withBias(NodeCall call, Signal sum, Numbers bias) {
        Draft draft = call.context().draft();
        Optional<Draft.Entry> before = draft.entry(sum.id());
        if (before.isPresent() && call.isOnlyReader(sum)) {
            Node node = before.get().node();
            Optional<Layer> biased = Optional.empty();
            if (node.layer() instanceof Layer.Dense dense && !dense.bias()) {
                biased = Optional.of(new Layer.Dense(dense.units(), true, dense.initializer()));
            } else if (node.layer() instanceof Layer.Conv2d conv && !conv.bias() && perChannel(bias, sum.shape())) {
                biased = Optional.of(
                        new Layer.Conv2d(conv.filters(), conv.window(), conv.groups(), true, conv.initializer()));
            } else if (node.layer() instanceof Normalization.GroupNorm
                    && before.get().tensors().get(1).name().isEmpty()
                    && perChannel(bias, sum.shape())) {
                biased = Optional.of(node.layer());
            }
            if (biased.isPresent()) {
                int units = sum.shape()
                        .dimension(
                                node.layer() instanceof Layer.Dense
                                        ? sum.shape().rank() - 1
                                        : 0);
                List<Numbers> tensors = List.of(before.get().tensors().get(0), Tensors.vector(bias, units, call));
                call.takeBack(node.id());
                return Optional.of(call.add(
                        biased.get(),
                        node.inputs().stream().map(id -> draft.signal(id)).toList(),
                        tensors));
            }
        }
        return Optional.empty();
    }

    private static boolean perChannel(Numbers tensor, Shape shape) {
        int[] dimensions = tensor.dimensions();
        int channels = dimensions.length - shape.rank();
        return tensor.single()
                || (channels >= 0
                        && channels <= 1
                        && dimensions[channels] == shape.dimension(0)
                        && tensor.values().length == dimensions[channels]);
    }
}
