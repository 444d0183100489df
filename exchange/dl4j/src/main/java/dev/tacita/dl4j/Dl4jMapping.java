package dev.tacita.dl4j;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout.Slot;
import java.util.List;
import java.util.Optional;

/**
 * How a DL4J network reads as a model description: the same function of the same inputs, but for what the remarks say,
 * and where each parameter lies in the flat vector of either.
 */
public final class Dl4jMapping {
    private final ModelSpec model;
    private final Optional<Loss> loss;
    private final List<String> remarks;
    private final List<Span> spans;
    private final int theirSize;

    /** One parameter in both vectors. */
    record Span(Slot slot, Arrangement arrangement, int theirs) {}

    Dl4jMapping(ModelSpec model, Optional<Loss> loss, List<String> remarks, List<Span> spans, int theirSize) {
        this.model = model;
        this.loss = loss;
        this.remarks = List.copyOf(remarks);
        this.spans = List.copyOf(spans);
        this.theirSize = theirSize;
    }

    /** What the network computes, without its loss. */
    public ModelSpec model() {
        return model;
    }

    /** What its output layer minimises; empty if it has none. */
    public Optional<Loss> loss() {
        return loss;
    }

    /** What differs between the two, and what of the network no model description holds: one sentence each. */
    public List<String> remarks() {
        return remarks;
    }

    /** The length of DL4J's vector. */
    public int dl4jSize() {
        return theirSize;
    }

    /**
     * Our parameters for a network's {@code params()}.
     *
     * @throws IllegalArgumentException if they are not as many as the network has
     */
    public float[] toModel(float[] dl4j) {
        checkLength("the network", theirSize, dl4j);
        float[] ours = new float[model.layout().size()];
        for (Span span : spans) {
            span.arrangement().toOurs(dl4j, span.theirs(), ours, span.slot());
        }
        return ours;
    }

    /**
     * A network's {@code params()} for our parameters. The two biases of an LSTM become their sum.
     *
     * @throws IllegalArgumentException if they are not as many as the model has
     */
    public float[] toDl4j(float[] parameters) {
        checkLength("the model", model.layout().size(), parameters);
        float[] theirs = new float[theirSize];
        for (Span span : spans) {
            span.arrangement().toTheirs(parameters, span.slot(), theirs, span.theirs());
        }
        return theirs;
    }

    private static void checkLength(String what, int length, float[] values) {
        if (values.length != length) {
            throw new IllegalArgumentException(
                    what + " has " + length + " parameters. Provided value: " + values.length);
        }
    }
}
