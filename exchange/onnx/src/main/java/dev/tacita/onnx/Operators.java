package dev.tacita.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The ONNX operators that can be read. */
final class Operators {
    private static final Map<String, OperatorReader> READERS = readers();

    private Operators() {}

    static Optional<OperatorReader> of(String domain, String operator) {
        return domain.isEmpty() || domain.equals("ai.onnx")
                ? Optional.ofNullable(READERS.get(operator))
                : Optional.empty();
    }

    private static Map<String, OperatorReader> readers() {
        Map<String, OperatorReader> readers = new HashMap<>();
        WindowOperators.addTo(readers);
        ActivationOperators.addTo(readers);
        ArithmeticOperators.addTo(readers);
        NormalizationOperators.addTo(readers);
        ShapeOperators.addTo(readers);
        return Map.copyOf(readers);
    }
}
