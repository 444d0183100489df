package dev.tacita.dp.training;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Guarantee: an update reveals of any one training example no more than the events that were entered with {@link Spending}
 * before it came to be, under the relation "add or remove one": DP-SGD, or DP-Adam and its like, by the optimizer that the
 * work names. See {@link DpSgd} for what it stands on; the update's weight, the number of examples, is public.
 *
 * <p>The work's batch size is the expected one. Epochs are expected passes: floor(epochs * examples / batch) steps, at
 * least 1. For {@link LocalWork.Gradient} the update is one noisy gradient over all examples. Adaptive norms start anew with
 * each piece of work.
 *
 * <p>Noise is fresh, so the same task does not give the same bits again, and work that is done twice is entered twice.
 * Metrics of training would not be private: there are none. Those of {@link #evaluate} are the evaluator's, without noise.
 *
 * <p>An instance belongs to one thread at a time.
 */
public final class DpTrainer implements LocalTrainer {
    private final PerExampleGradients gradients;
    private final LocalTrainer evaluator;
    private final Clipping clipping;
    private final double noiseMultiplier;
    private final Spending spending;

    /**
     * A trainer.
     *
     * @param gradients of single examples
     * @param evaluator measures models, and trains those {@linkplain #ofWhatStays that stay at the site}
     * @param clipping of each example's gradient
     * @param noiseMultiplier standard deviation of the noise as a multiple of the sensitivity; above 0, at most 10000
     * @param spending where each step is entered
     */
    public DpTrainer(
            PerExampleGradients gradients,
            LocalTrainer evaluator,
            Clipping clipping,
            double noiseMultiplier,
            Spending spending) {
        this.gradients = requireNonNull(gradients, "gradients is null");
        this.evaluator = requireNonNull(evaluator, "evaluator is null");
        this.clipping = requireNonNull(clipping, "clipping is null");
        this.noiseMultiplier = noiseMultiplier;
        this.spending = requireNonNull(spending, "spending is null");
        List<Problem> problems = PrivacyProblems.ofNoise(noiseMultiplier, clipping);
        if (!problems.isEmpty()) {
            throw new ProblemsException("the terms of private training", problems);
        }
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        LinkedHashSet<Problem> problems = new LinkedHashSet<>(gradients.problemsWith(model, loss));
        problems.addAll(PrivacyProblems.ofExamples(model, loss, noiseMultiplier, clipping));
        return new ArrayList<>(problems);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemsException if the model cannot be trained privately, or the examples do not fit it
     */
    @Override
    public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
        if (train.size() == 0) {
            throw new IllegalArgumentException("training needs at least one example. Provided value: 0");
        }
        List<Problem> problems = problemsWith(task.model(), task.loss());
        if (!problems.isEmpty()) {
            throw new ProblemsException("the model", problems);
        }
        float[] update =
                task.work() instanceof LocalWork.Train work ? trained(task, work, train) : gradient(task, train);
        return new LocalResult(new ModelUpdate(update, train.size()), Evaluation.NONE);
    }

    /** The evaluator: what it trains has no noise, and must not leave the site nor decide what does. */
    @Override
    public LocalTrainer ofWhatStays() {
        return evaluator;
    }

    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
        return evaluator.evaluate(task, examples);
    }

    /**
     * What one piece of work will reveal of a site's examples, to be judged before it is done.
     *
     * @param work that trains
     * @param examples how many training examples the site has, at least 1
     * @param noiseMultiplier as the constructor's
     */
    public static Event planned(LocalWork work, int examples, double noiseMultiplier) {
        if (work instanceof LocalWork.Train train) {
            int batch = batch(train, examples);
            return Event.dpSgd((double) batch / examples, noiseMultiplier, steps(train.extent(), examples, batch));
        }
        return work instanceof LocalWork.Gradient ? Event.dpSgd(1, noiseMultiplier, 1) : new Event.Nothing();
    }

    private float[] trained(LocalTask task, LocalWork.Train work, Examples train) throws InterruptedException {
        float[] parameters = task.parameters().clone();
        int batch = batch(work, train.size());
        Optimizer optimizer = Optimizer.of(task, work);
        DpSgd sgd = sgd(task, train, batch, optimizer);
        long steps = steps(work.extent(), train.size(), batch);
        for (long step = 0; step < steps; step++) {
            sgd.step(parameters, work.schedule().factor(step));
        }
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] -= task.parameters()[i];
        }
        return parameters;
    }

    private float[] gradient(LocalTask task, Examples train) throws InterruptedException {
        if (!(task.work() instanceof LocalWork.Gradient)) {
            throw new IllegalArgumentException(
                    "train does the work of a Gradient or Train task. Provided value: " + task.work());
        }
        float[] values = task.parameters().clone();
        Optimizer replace =
                (parameters, gradient, factor) -> System.arraycopy(gradient, 0, parameters, 0, parameters.length);
        sgd(task, train, train.size(), replace).step(values, 1);
        return values;
    }

    private DpSgd sgd(LocalTask task, Examples train, int batch, Optimizer optimizer) {
        int largestPass = (int) Math.min(train.size(), batch + 4 * Math.ceil(Math.sqrt(batch)));
        return DpSgd.of(
                gradients.of(task, train, largestPass),
                new DpSgd.Terms(train.size(), batch, noiseMultiplier, clipping),
                optimizer,
                spending);
    }

    private static int batch(LocalWork.Train work, int examples) {
        return Math.min(examples, work.batchSize().orElse(examples));
    }

    private static long steps(LocalWork.Extent extent, int examples, int batch) {
        return extent instanceof LocalWork.Extent.Epochs epochs
                ? Math.max(1, (long) epochs.count() * examples / batch)
                : ((LocalWork.Extent.Steps) extent).count();
    }
}
