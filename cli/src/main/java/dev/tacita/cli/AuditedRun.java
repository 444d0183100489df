package dev.tacita.cli;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.audit.LossScale;
import dev.tacita.server.report.RunDirectory;
import dev.tacita.server.report.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained model with the plan it was trained by.
 *
 * @param name for people
 */
record AuditedRun(String name, RunPlan plan, float[] parameters) {
    /**
     * The model of a run's directory.
     *
     * @throws ProblemsException if it is not its plan's model, or has a loss that single examples do not have
     */
    static AuditedRun read(Path directory) throws IOException {
        RunPlan plan = RunPlanReader.read(directory.resolve("plan.yaml"));
        TrainedModel model = TrainedModel.read(directory.resolve(RunDirectory.MODEL), plan);
        if (plan.loss().mixesExamples()) {
            throw new ProblemsException(
                    directory.toString(),
                    List.of(Problem.of(
                            "loss",
                            "attacks need a loss that each example has by itself. Provided value: "
                                    + plan.loss().name() + ".")));
        }
        return new AuditedRun(model.run().value(), plan, model.parameters());
    }

    /** What the loss of one example says. */
    LossScale scale() {
        Loss loss = plan.loss();
        boolean isLogarithm = loss instanceof Loss.SoftmaxCrossEntropy softmax
                ? softmax.classWeights().isEmpty() && softmax.labelSmoothing() == 0
                : loss instanceof Loss.BinaryCrossEntropyWithLogits binary && binary.positiveWeight() == 1;
        return isLogarithm ? LossScale.LOG_PROBABILITY : LossScale.OTHER;
    }

    LocalTask task(LocalWork work, float[] values, SeedStream seeds) {
        return new LocalTask(plan.model(), plan.loss(), work, values, seeds);
    }
}
