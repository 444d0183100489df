package dev.tacita.client;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;

/** A site's own trainer, whose updates are held to the size of the model. */
final class FittingTrainer implements LocalTrainer {
    private final LocalTrainer trainer;

    FittingTrainer(LocalTrainer trainer) {
        this.trainer = trainer;
    }

    /** @throws UnfitUpdateException if the update is not of the model's size */
    @Override
    public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
        LocalResult result = trainer.train(task, train);
        if (result.update().size() != task.parameters().length) {
            throw new UnfitUpdateException(result.update().size(), task.parameters().length);
        }
        return result;
    }

    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
        return trainer.evaluate(task, examples);
    }
}
