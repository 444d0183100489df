package dev.tacita.benchmarks;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.dp.accounting.Spent;
import dev.tacita.dp.training.DpSgd;
import dev.tacita.engine.EnginePerExampleGradients;
import java.nio.file.Path;

/** Whole steps of DP-SGD: Poisson sample, clipped sum, noise, the optimizer's step, the entry of what was spent. */
final class PrivateSteps implements PeerSteps.Steps {
    private final DpSgd sgd;
    private final float[] parameters;

    PrivateSteps(PeerCase example) {
        parameters = example.initialParameters();
        int batch = example.batch();
        sgd = DpSgd.of(
                new EnginePerExampleGradients()
                        .of(
                                example.task(parameters, 1),
                                example.examples(),
                                batch + 4 * (int) Math.ceil(Math.sqrt(batch))),
                new DpSgd.Terms(example.examples().size(), batch, 1.1, new Clipping.Flat(1)),
                Optimizer.of(
                        OptimizerSpec.Sgd.of(PeerCase.RATE), example.model().layout()),
                new Spent());
    }

    @Override
    public void run(int steps) throws InterruptedException {
        for (int step = 0; step < steps; step++) {
            sgd.step(parameters, 1);
        }
    }

    @Override
    public void write(Path folder) {
        throw new UnsupportedOperationException("noise is never the same twice, so there is nothing to compare");
    }
}
