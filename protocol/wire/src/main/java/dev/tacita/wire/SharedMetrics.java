package dev.tacita.wire;

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
        Limits.evaluation("training", training);
        Limits.evaluation("validation", validation);
        Limits.evaluation("test", test);
    }

    /** Whether these metrics can be said at all: a model that has diverged has losses that are no numbers. */
    public static boolean isSayable(Evaluation evaluation) {
        return Limits.isSum(evaluation.lossSum());
    }
}
