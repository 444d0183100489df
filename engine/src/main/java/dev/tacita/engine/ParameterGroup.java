package dev.tacita.engine;

import java.util.List;

/** Parameters that are trained, of one node or shared by several, and the operations that compute with them. */
final class ParameterGroup {
    private final List<Operation> operations;
    private final Wiring.Place place;

    /** @param operations at least one, in the order in which signals travel back */
    ParameterGroup(List<Operation> operations) {
        this.operations = List.copyOf(operations);
        place = operations.get(0).parameters();
    }

    boolean isOfOne() {
        return operations.size() == 1;
    }

    Wiring.Place place() {
        return place;
    }

    /** As {@link Operation#addSquaredNorms}. Gradients of sharers add up before they are squared. */
    void addSquaredNorms(Tape tape, double[] norms) {
        if (operations.size() == 1) {
            operations.get(0).addSquaredNorms(tape, norms);
            return;
        }
        float[] gradient = tape.gradient();
        for (int example = 0; example < tape.batch(); example++) {
            collectExample(tape, example, gradient);
            norms[example] += Norms.squared(gradient, place.offset(), place.length());
        }
    }

    /** As {@link Operation#scale}. */
    void scale(Tape tape, float[] coefficients) {
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).scale(tape, coefficients);
        }
    }

    /** Writes the gradient, summed over the batch, at its place. */
    void collect(Tape tape, float[] gradient) {
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).collectShared(tape, gradient);
        }
    }

    /** Writes the gradient of one example at its place. */
    void collectExample(Tape tape, int example, float[] gradient) {
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).collectSharedExample(tape, example, gradient);
        }
    }
}
