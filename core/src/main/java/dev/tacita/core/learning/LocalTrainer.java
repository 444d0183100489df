package dev.tacita.core.learning;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/**
 * What a site does in a round. The same task and examples give the same bits, unless a trainer adds noise for privacy, which
 * must never repeat. Long work ends soon after its thread is interrupted.
 */
public interface LocalTrainer {
    /**
     * Every reason why this trainer cannot do any work on such a model; empty if it can, or finds out only when it tries.
     * A site with reasons refuses the run before its first round. For any thread, at any time.
     */
    default List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return List.of();
    }

    /**
     * Every reason why this trainer cannot do what such an algorithm asks of it; empty if it can. A site with reasons refuses
     * the run before its first round. For any thread, at any time.
     */
    default List<Problem> problemsWith(FederatedAlgorithm algorithm) {
        return List.of();
    }

    /**
     * Does the work of a {@link LocalWork.Gradient} or {@link LocalWork.Train} task.
     *
     * @param train at least one example
     * @throws InterruptedException if the thread is interrupted before the end
     */
    LocalResult train(LocalTask task, Examples train) throws InterruptedException;

    /** What trains a model that never leaves the site, and on which nothing that does depends: without noise. */
    default LocalTrainer ofWhatStays() {
        return this;
    }

    /**
     * Metrics of the task's parameters; no examples give {@link Evaluation#NONE}.
     *
     * @throws InterruptedException if the thread is interrupted before the end
     */
    Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException;
}
