package dev.tacita.benchmarks;

import dev.tacita.engine.EngineTrainer;
import java.nio.file.Path;

/** Steps of the engine's trainer. */
final class PlainSteps implements PeerSteps.Steps {
    private final EngineTrainer trainer = new EngineTrainer();
    private final PeerCase example;
    private final float[] parameters;

    PlainSteps(PeerCase example) {
        this.example = example;
        parameters = example.initialParameters();
    }

    @Override
    public void run(int steps) throws InterruptedException {
        float[] update = trainer.train(example.task(parameters, steps), example.examples())
                .update()
                .valuesInTheClear();
        for (int i = 0; i < update.length; i++) {
            parameters[i] += update[i];
        }
    }

    @Override
    public void write(Path folder) {
        throw new UnsupportedOperationException("plain steps have no gradients of single examples to write");
    }
}
