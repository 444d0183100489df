package dev.tacita.core.learning;

import java.io.Serializable;

/**
 * How well a model does on some examples, as sums, so that sites pool without sharing rows.
 *
 * @param examples how many, at least 0
 * @param lossSum sum of their losses
 * @param correct how many were classified right (highest logit, or a positive one for a single output); 0 for
 *     regression
 */
public record Evaluation(long examples, double lossSum, long correct) implements Serializable {
    /** Of no examples. */
    public static final Evaluation NONE = new Evaluation(0, 0, 0);

    public Evaluation {
        Checks.atLeast("examples", examples, 0);
        Checks.atLeast("correct", correct, 0);
        if (correct > examples) {
            throw new IllegalArgumentException(
                    "correct must be <= examples. Provided values: " + correct + ", " + examples);
        }
    }

    /** Of both sets of examples together. */
    public Evaluation plus(Evaluation other) {
        return new Evaluation(examples + other.examples, lossSum + other.lossSum, correct + other.correct);
    }

    /** Mean loss; NaN of no examples. */
    public double loss() {
        return lossSum / examples;
    }

    /** Fraction classified right; NaN of no examples. */
    public double accuracy() {
        return (double) correct / examples;
    }
}
