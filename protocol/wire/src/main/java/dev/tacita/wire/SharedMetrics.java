package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Evaluation;
import java.util.Optional;

/**
 * The metrics that a site's policy lets out with a contribution.
 *
 * @param training of the training examples as they were seen
 * @param validation of the model received, on validation rows
 * @param test of the model received, on test rows: in an evaluation only
 */
public record SharedMetrics(Optional<Evaluation> training, Optional<Evaluation> validation, Optional<Evaluation> test) {
    /** Nothing is let out. */
    public static final SharedMetrics NONE = new SharedMetrics(Optional.empty(), Optional.empty(), Optional.empty());

    public SharedMetrics {
        requireNonNull(training, "training is null");
        requireNonNull(validation, "validation is null");
        requireNonNull(test, "test is null");
    }
}
