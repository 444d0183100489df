package dev.tacita.engine;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.metric.Statistic;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.engine.kernel.BlasKernels;
import dev.tacita.engine.kernel.Kernels;
import dev.tacita.engine.kernel.NativeArithmeticException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains and evaluates models on the engine. The same task and examples give the same bits on one machine, whatever the
 * trainer did before. Interruption is noticed before the next step.
 *
 * <p>Shuffling draws from the task's stream {@code shuffle}, dropout from {@code dropout} and the node's id. A batch of
 * all examples is not shuffled. Gradients of batches too large for one pass are added up in double precision over pieces
 * whose size depends on the model only; a loss or a layer that mixes the examples of a batch gets each batch whole.
 *
 * <p>An instance keeps the buffers of the last few models for the next call. It belongs to one thread at a time; see
 * {@link SharedTrainer} for many sites in one process.
 */
public final class EngineTrainer implements LocalTrainer {
    private final PlanShelf plans;

    /**
     * A trainer with the fastest kernels that this machine can run.
     *
     * @throws NativeArithmeticException if the native library's products are wrong on this processor
     */
    public EngineTrainer() {
        this(BlasKernels.createOrFallBack());
    }

    /** A trainer with these kernels, which it takes for itself. */
    public EngineTrainer(Kernels kernels) {
        plans = new PlanShelf(requireNonNull(kernels, "kernels is null"));
    }

    /** Every reason why this model cannot be trained with this loss; empty if it can. */
    public static List<Problem> problems(ModelSpec model, Loss loss) {
        return TaskCheck.problems(model, loss);
    }

    /**
     * Finds what is wrong with a task and its examples, for every trainer that runs what this one runs.
     *
     * @throws ProblemsException if the model cannot be run, or examples or parameters do not fit it
     */
    public static void check(LocalTask task, Examples examples) {
        checked(task, examples);
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return problems(model, loss);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemsException if the model cannot be run, or examples or parameters do not fit it
     */
    @Override
    public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
        if (train.size() == 0) {
            throw new IllegalArgumentException("training needs at least one example. Provided value: 0");
        }
        LossFunction loss = checked(task, train);
        Score score = new Score();
        float[] update = task.work() instanceof LocalWork.Train work
                ? trained(task, work, loss, train, score)
                : gradient(task, loss, train, score);
        return new LocalResult(new ModelUpdate(update, train.size()), score.evaluation());
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemsException if the model cannot be run, or examples or parameters do not fit it
     */
    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
        return examples.size() == 0 ? Evaluation.NONE : score(task, examples).evaluation();
    }

    /**
     * The losses of examples, by the task's parameters.
     *
     * @param examples at least one
     * @throws ProblemsException if the model cannot be run, or examples or parameters do not fit it
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public LossMoments losses(LocalTask task, Examples examples) throws InterruptedException {
        return score(task, examples).moments();
    }

    private Score score(LocalTask task, Examples examples) throws InterruptedException {
        LossFunction loss = checked(task, examples);
        Score score = new Score();
        int pass = task.loss().mixesExamples()
                ? MemoryBudget.wholePass(task.model(), examples.size())
                : MemoryBudget.piece(task.model());
        new BatchRunner(plans.plan(task.model(), pass), loss, examples)
                .score(task.parameters(), inOrder(examples), 0, examples.size(), score);
        return score;
    }

    /**
     * What the examples say of the model beyond loss and accuracy, as statistics that sites can add up: for classes a
     * {@link dev.tacita.core.metric.ConfusionMatrix} and a {@link dev.tacita.core.metric.Calibration}, for two classes a
     * {@link dev.tacita.core.metric.ScoreHistogram} too, for numbers {@link dev.tacita.core.metric.RegressionErrors}, for
     * survival a {@link dev.tacita.core.metric.Concordance}.
     *
     * @param task its model, loss and parameters count
     * @throws ProblemsException if the model cannot be run, or examples or parameters do not fit it
     */
    public List<Statistic> statistics(LocalTask task, Examples examples) throws InterruptedException {
        LossFunction loss = checked(task, examples);
        Measurement measurement =
                Measurement.of(task.loss(), task.model().outputShape().size(), examples.size());
        new BatchRunner(plans.plan(task.model(), MemoryBudget.piece(task.model())), loss, examples)
                .measure(task.parameters(), inOrder(examples), measurement);
        return measurement.statistics();
    }

    private static LossFunction checked(LocalTask task, Examples examples) {
        LossFunction loss = LossFunction.of(task.loss(), task.model().outputShape());
        TaskCheck.check(task, task.model().layout().size(), loss, examples);
        return loss;
    }

    private float[] gradient(LocalTask task, LossFunction loss, Examples train, Score score)
            throws InterruptedException {
        if (!(task.work() instanceof LocalWork.Gradient)) {
            throw new IllegalArgumentException(
                    "train does the work of a Gradient or Train task. Provided value: " + task.work());
        }
        float[] gradient = new float[task.parameters().length];
        int pass = mixes(task) ? MemoryBudget.wholePass(task.model(), train.size()) : MemoryBudget.piece(task.model());
        runner(task, loss, train, pass)
                .gradient(
                        task.parameters(),
                        inOrder(train),
                        0,
                        train.size(),
                        score,
                        gradient,
                        new MeanGradient(gradient));
        return gradient;
    }

    private float[] trained(LocalTask task, LocalWork.Train work, LossFunction loss, Examples train, Score score)
            throws InterruptedException {
        float[] parameters = task.parameters().clone();
        float[] gradient = new float[parameters.length];
        Batches batches = new Batches(train.size(), work, task.seeds().derive("shuffle"));
        BatchRunner runner = runner(task, loss, train, capacity(task, batches));
        if (isPlainDescent(task, work) && runner.descends(batches.largest())) {
            descend(runner, batches, (OptimizerSpec.Sgd) work.optimizer(), work, parameters, gradient, score);
        } else {
            optimize(runner, batches, Optimizer.of(task, work), work, parameters, gradient, score);
        }
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] -= task.parameters()[i];
        }
        return parameters;
    }

    private static void optimize(
            BatchRunner runner,
            Batches batches,
            Optimizer optimizer,
            LocalWork.Train work,
            float[] parameters,
            float[] gradient,
            Score score)
            throws InterruptedException {
        BackwardRule rule = new MeanGradient(gradient);
        for (long step = 0; batches.next(); step++) {
            runner.gradient(parameters, batches.order(), batches.from(), batches.count(), score, gradient, rule);
            optimizer.step(parameters, gradient, work.schedule().factor(step));
            runner.afterStep(parameters);
        }
    }

    private static void descend(
            BatchRunner runner,
            Batches batches,
            OptimizerSpec.Sgd sgd,
            LocalWork.Train work,
            float[] parameters,
            float[] gradient,
            Score score)
            throws InterruptedException {
        Descent rule = new Descent(gradient);
        runner.settle(parameters);
        try {
            for (long step = 0; batches.next(); step++) {
                rule.setRate((float) (sgd.learningRate() * work.schedule().factor(step)));
                runner.gradient(parameters, batches.order(), batches.from(), batches.count(), score, gradient, rule);
                runner.afterStep(parameters);
            }
        } finally {
            runner.leave(parameters);
        }
    }

    /** Whether a step is {@code w -= rate * g}, for every parameter. */
    private static boolean isPlainDescent(LocalTask task, LocalWork.Train work) {
        return work.optimizer() instanceof OptimizerSpec.Sgd sgd
                && sgd.momentum() == 0
                && sgd.weightDecay() == 0
                && !task.correctsGradients()
                && task.model().layout().slots().stream().allMatch(ParameterLayout.Slot::trained);
    }

    private static boolean mixes(LocalTask task) {
        return task.loss().mixesExamples() || !task.model().mixingNodes().isEmpty();
    }

    private static int capacity(LocalTask task, Batches batches) {
        ModelSpec model = task.model();
        if (mixes(task)) {
            return MemoryBudget.wholePass(model, batches.largest());
        }
        return batches.isFull()
                ? MemoryBudget.piece(model)
                : Math.min(batches.largest(), MemoryBudget.largestBatch(model));
    }

    private BatchRunner runner(LocalTask task, LossFunction loss, Examples train, int capacity) {
        CompiledPlan plan = plans.plan(task.model(), capacity);
        plan.begin(task.seeds().derive("dropout"));
        return new BatchRunner(plan, loss, train);
    }

    private static int[] inOrder(Examples examples) {
        return IntStream.range(0, examples.size()).toArray();
    }
}
