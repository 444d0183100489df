package dev.tacita.engine;

import java.io.Serializable;

/**
 * How large the losses of examples are, and how unlike.
 *
 * @param examples how many
 * @param sum of their losses
 * @param squares sum of the squares of their losses
 */
public record LossMoments(long examples, double sum, double squares) implements Serializable {
    /** The mean loss; NaN of no examples. */
    public double mean() {
        return sum / examples;
    }
}
