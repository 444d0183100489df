package dev.tacita.nd4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.engine.Batches;
import dev.tacita.engine.EngineTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains and evaluates models on the device of the ND4J backend that is on the class path. A pass is one run of a graph of
 * ND4J; passes, loss and optimizer stay on the device. In a task the parameters go there once and come back once, each
 * batch goes there once, and the metrics come back once.
 *
 * <p>It takes the batches that {@link EngineTrainer} takes, and gives the engine's results up to rounding, except for
 * dropout, whose draws are the device's: seeded from the task's stream {@code dropout}, so that one backend on one machine
 * repeats them. Only what the device adds up in any order can differ between two runs; ND4J's CPU backend with one thread
 * gives the same bits. A batch too large for one run is added up from pieces, whose size depends on the model only.
 * Interruption is noticed before the next run.
 *
 * <p>An instance keeps the graphs of the last few models and batch sizes. It belongs to one thread at a time.
 */
public final class Nd4jTrainer implements LocalTrainer {
    private final DeviceGraphs graphs = new DeviceGraphs();
    private final Traffic traffic;

    /**
     * A trainer on the backend's device.
     *
     * @throws ExceptionInInitializerError or NoClassDefFoundError if there is no backend that can be loaded
     */
    public Nd4jTrainer() {
        this(new Traffic());
    }

    Nd4jTrainer(Traffic traffic) {
        this.traffic = traffic;
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /** Every reason why this model cannot be trained with this loss; empty if it can. */
    public static List<Problem> problems(ModelSpec model, Loss loss) {
        List<Problem> problems = new ArrayList<>(EngineTrainer.problems(model, loss));
        problems.addAll(DeviceLimits.problems(model));
        return problems;
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return problems(model, loss);
    }

    @Override
    public List<Problem> problemsWith(FederatedAlgorithm algorithm) {
        return algorithm.correctsGradients()
                ? List.of(Problem.of(
                        "the algorithm",
                        "a trainer on a device takes steps along gradients alone. Provided value: " + algorithm.name()
                                + ", with a drift or a pull to the model received."))
                : List.of();
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
        check(task, train);
        if (task.correctsGradients()) {
            throw new ProblemsException(
                    "the plan",
                    List.of(Problem.of(
                            "the algorithm",
                            "a trainer on a device takes steps along gradients alone. Provided value: a drift, or a pull"
                                    + " to the model received, as by fedprox.")));
        }
        Nd4j.getRandom().setSeed(task.seeds().derive("dropout").random().nextLong());
        if (task.work() instanceof LocalWork.Train work) {
            return trained(task, work, train);
        }
        if (!(task.work() instanceof LocalWork.Gradient)) {
            throw new IllegalArgumentException(
                    "train does the work of a Gradient or Train task. Provided value: " + task.work());
        }
        DeviceRun run = run(task, train, train.size());
        run.gradient(inOrder(train), 0, train.size());
        return new LocalResult(new ModelUpdate(run.gradientOnHost(), train.size()), run.evaluation());
    }

    private LocalResult trained(LocalTask task, LocalWork.Train work, Examples train) throws InterruptedException {
        Batches batches = new Batches(train.size(), work, task.seeds().derive("shuffle"));
        DeviceRun run = run(task, train, batches.largest());
        DeviceDescent descent = new DeviceDescent(work.optimizer(), task.parameters().length);
        for (long step = 0; batches.next(); step++) {
            run.gradient(batches.order(), batches.from(), batches.count());
            run.step(descent, work.schedule().factor(step));
        }
        float[] update = run.parametersOnHost();
        for (int i = 0; i < update.length; i++) {
            update[i] -= task.parameters()[i];
        }
        return new LocalResult(new ModelUpdate(update, train.size()), run.evaluation());
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemsException if the model cannot be run, or examples or parameters do not fit it
     */
    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
        if (examples.size() == 0) {
            return Evaluation.NONE;
        }
        check(task, examples);
        int piece = task.loss().mixesExamples()
                ? DeviceLimits.whole(task.model(), task.loss(), examples.size())
                : DeviceLimits.piece(task.model());
        DeviceRun run = new DeviceRun(task, examples, graphs, traffic, piece);
        run.score(inOrder(examples));
        return run.evaluation();
    }

    private static void check(LocalTask task, Examples examples) {
        List<Problem> problems = DeviceLimits.problems(task.model());
        if (!problems.isEmpty()) {
            throw new ProblemsException("the model", problems);
        }
        EngineTrainer.check(task, examples);
    }

    private DeviceRun run(LocalTask task, Examples train, int largestBatch) {
        boolean mixes =
                task.loss().mixesExamples() || !task.model().mixingNodes().isEmpty();
        int piece =
                mixes ? DeviceLimits.whole(task.model(), task.loss(), largestBatch) : DeviceLimits.piece(task.model());
        return new DeviceRun(task, train, graphs, traffic, piece);
    }

    private static int[] inOrder(Examples examples) {
        return IntStream.range(0, examples.size()).toArray();
    }
}
