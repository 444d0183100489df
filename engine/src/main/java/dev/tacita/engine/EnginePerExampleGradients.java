package dev.tacita.engine;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.learning.ScalingRule;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.engine.kernel.BlasKernels;
import dev.tacita.engine.kernel.Kernels;
import dev.tacita.engine.kernel.NativeArithmeticException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gradients of single examples on the engine, at nearly the cost of their sum: the norms come from the values and signals
 * of one pass forward and back, and the scaled sum from the same signals, scaled (ghost norms: Goodfellow 2015, Li et al.
 * 2022; book-keeping: Bu et al. 2023). A pass over a batch makes no garbage. Dropout draws as {@link EngineTrainer}'s does.
 *
 * <p>An instance keeps the buffers of the last few models for the next call.
 */
public final class EnginePerExampleGradients implements PerExampleGradients {
    private final PlanShelf plans;
    private Optional<OfTask> current = Optional.empty();

    /**
     * With the fastest kernels that this machine can run.
     *
     * @throws NativeArithmeticException if the native library's products are wrong on this processor
     */
    public EnginePerExampleGradients() {
        this(BlasKernels.createOrFallBack());
    }

    /** With these kernels, which it takes for itself. */
    public EnginePerExampleGradients(Kernels kernels) {
        plans = new PlanShelf(requireNonNull(kernels, "kernels is null"));
    }

    /** Every reason why gradients of single examples cannot be had of such a model; empty if they can. */
    public static List<Problem> problems(ModelSpec model, Loss loss) {
        List<Problem> problems = new ArrayList<>(EngineTrainer.problems(model, loss));
        problems.addAll(PerExampleGradients.mixing(model, loss));
        return problems;
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return problems(model, loss);
    }

    @Override
    public OfTask of(LocalTask task, Examples examples, int largestPass) {
        if (largestPass < 1) {
            throw new IllegalArgumentException("largestPass must be >= 1. Provided value: " + largestPass);
        }
        List<Problem> problems = problems(task.model(), task.loss());
        if (!problems.isEmpty()) {
            throw new ProblemsException("the model", problems);
        }
        LossFunction loss = LossFunction.of(task.loss(), task.model().outputShape());
        TaskCheck.checkExamples(task.model(), loss, examples);
        int capacity = Math.min(largestPass, MemoryBudget.largestBatch(task.model()));
        CompiledPlan plan = plans.plan(task.model(), capacity);
        plan.begin(task.seeds().derive("dropout"));
        OfTask opened = new Guarded(new ExampleGradients(plan, new BatchRunner(plan, loss, examples)));
        current = Optional.of(opened);
        return opened;
    }

    /** Refuses to be used after another one was made, for they share buffers. */
    private final class Guarded implements OfTask {
        private final OfTask gradients;

        Guarded(OfTask gradients) {
            this.gradients = gradients;
        }

        @Override
        public List<Group> groups() {
            return gradients.groups();
        }

        @Override
        public Evaluation sum(float[] parameters, int[] rows, int count, ScalingRule rule, float[] sum)
                throws InterruptedException {
            check();
            return gradients.sum(parameters, rows, count, rule, sum);
        }

        @Override
        public void each(float[] parameters, int[] rows, int count, float[][] gradients) throws InterruptedException {
            check();
            this.gradients.each(parameters, rows, count, gradients);
        }

        private void check() {
            if (current.orElseThrow() != this) {
                throw new IllegalStateException("the gradients of another task have been asked for since");
            }
        }
    }
}
