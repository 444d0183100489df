package dev.tacita.onnx;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.onnx.Value.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An element-wise function of a signal that several operators make up, such as GELU in its parts. A formula is written
 * in one way only, whatever the order of its operators: products and sums are flat and sorted, constants rounded to four
 * digits.
 *
 * @param of what it is a function of
 * @param factor a constant that all is multiplied by
 * @param factors the factors of the product, as texts
 */
record Formula(Signal of, double factor, List<String> factors) implements Value {
    private static final int LONGEST = 200;
    private static final Map<String, ActivationFunction> KNOWN = Map.of(
            "0.5000*(1.000+erf(0.7071*x))*x", new ActivationFunction.Gelu(false),
            "0.5000*(1.000+tanh(0.7979*(0.04472*x*x*x+x)))*x", new ActivationFunction.Gelu(true));

    Formula {
        factors = factors.stream().sorted().toList();
    }

    static Formula of(Signal signal) {
        return new Formula(signal, 1, List.of("x"));
    }

    /** The formula that a value is; empty if it is none. */
    static Optional<Formula> of(Value value) {
        if (value instanceof Signal signal) {
            return Optional.of(of(signal));
        }
        return value instanceof Formula formula ? Optional.of(formula) : Optional.empty();
    }

    /** The function that the formula is, if it is one that models have. */
    Optional<ActivationFunction> function() {
        return Optional.ofNullable(KNOWN.get(text()));
    }

    Formula times(double constant) {
        return new Formula(of, factor * constant, factors);
    }

    Formula times(Formula other) {
        List<String> all = new ArrayList<>(factors);
        all.addAll(other.factors);
        return new Formula(sameSignal(other), factor * other.factor, all).checked();
    }

    Formula plus(double constant) {
        return sum(List.of(rounded(constant), text()));
    }

    Formula plus(Formula other) {
        sameSignal(other);
        return sum(List.of(text(), other.text()));
    }

    Formula within(String function) {
        return new Formula(of, 1, List.of(function + "(" + text() + ")")).checked();
    }

    String text() {
        List<String> all = new ArrayList<>();
        if (factor != 1) {
            all.add(rounded(factor));
        }
        all.addAll(factors);
        return String.join("*", all);
    }

    private Formula sum(List<String> terms) {
        return new Formula(
                        of,
                        1,
                        List.of("(" + String.join("+", terms.stream().sorted().toList()) + ")"))
                .checked();
    }

    private Signal sameSignal(Formula other) {
        if (!of.equals(other.of)) {
            throw new IllegalArgumentException(
                    "of two values it takes only those that one value gives, as within GELU; here are '" + of.id()
                            + "' and '" + other.of.id() + "'");
        }
        return of;
    }

    private Formula checked() {
        if (factors.stream().mapToInt(String::length).sum() > LONGEST) {
            throw new IllegalArgumentException("the function that it is part of is none that is known");
        }
        return this;
    }

    private static String rounded(double constant) {
        return String.format(Locale.ROOT, "%.4g", constant);
    }
}
