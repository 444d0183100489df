package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * What a trainer made of a task.
 *
 * @param update what was learnt
 * @param training metrics of the training examples as they were seen
 */
public record LocalResult(ModelUpdate update, Evaluation training) {
    public LocalResult {
        requireNonNull(update, "update is null");
        requireNonNull(training, "training is null");
    }
}
