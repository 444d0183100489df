package dev.tacita.core.learning;

/**
 * What a site does in a round. The same task and examples give the same bits. Long work ends soon after its thread is
 * interrupted.
 */
public interface LocalTrainer {
    /**
     * Does the work of a {@link LocalWork.Gradient} or {@link LocalWork.Train} task.
     *
     * @param train at least one example
     * @throws InterruptedException if the thread is interrupted before the end
     */
    LocalResult train(LocalTask task, Examples train) throws InterruptedException;

    /**
     * Metrics of the task's parameters; no examples give {@link Evaluation#NONE}.
     *
     * @throws InterruptedException if the thread is interrupted before the end
     */
    Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException;
}
