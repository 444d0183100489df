package dev.tacita.engine;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A few trainers that many threads share, for many sites in one process: memory and processor use grow with the number of
 * workers, not of sites. Calls beyond the number of workers wait, in order. Results do not depend on which worker ran.
 */
public final class SharedTrainer implements LocalTrainer {
    private final BlockingQueue<LocalTrainer> idle;

    /**
     * Creates the trainers.
     *
     * @param workers how many calls run at once, at least 1; best the number of processor cores
     */
    public SharedTrainer(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be >= 1. Provided value: " + workers);
        }
        idle = new ArrayBlockingQueue<>(workers, true);
        for (int i = 0; i < workers; i++) {
            idle.add(new EngineTrainer());
        }
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return EngineTrainer.problems(model, loss);
    }

    @Override
    public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
        LocalTrainer worker = idle.take();
        try {
            return worker.train(task, train);
        } finally {
            idle.add(worker);
        }
    }

    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
        LocalTrainer worker = idle.take();
        try {
            return worker.evaluate(task, examples);
        } finally {
            idle.add(worker);
        }
    }
}
