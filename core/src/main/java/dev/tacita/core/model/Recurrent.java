package dev.tacita.core.model;

import java.util.List;

/** Rules that the recurrent layers share. */
final class Recurrent {
    private Recurrent() {}

    static void check(int units, int gates) {
        Layers.atLeast("units", units, 1);
        if (units > Integer.MAX_VALUE / gates) {
            throw new IllegalArgumentException(
                    "units must be <= " + Integer.MAX_VALUE / gates + ". Provided value: " + units);
        }
    }

    static Shape outputShape(List<Shape> inputs, int units, boolean returnSequences) {
        int steps = Layers.sequence(inputs).dimension(0);
        return returnSequences ? Shape.of(steps, units) : Shape.of(units);
    }

    static List<Parameter> parameters(List<Shape> inputs, int units, int gates) {
        int rows = gates * units;
        return List.of(
                parameter("input-weight", Shape.of(rows, inputs.get(0).dimension(1)), units),
                parameter("recurrent-weight", Shape.of(rows, units), units),
                parameter("input-bias", Shape.of(rows), units),
                parameter("recurrent-bias", Shape.of(rows), units));
    }

    private static Parameter parameter(String name, Shape shape, int units) {
        return new Parameter(name, shape, Initializer.FAN_IN_UNIFORM, units, units);
    }
}
