package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.number.Quantization;
import java.util.Arrays;
import java.util.List;

/**
 * FedProx whose mu follows the loss (Li et al. 2020, section 5 and appendix): it grows by 0.1 when the loss has risen since the
 * round before, and shrinks by 0.1, not below 0, when it has fallen five times in a row; then five falls are counted anew. The
 * loss is the mean over the training examples of a round's sites at the model they received, which each site sends beside its
 * update. The aggregator remembers how often mu grew, less how often it shrank, the last loss, the falls so far, and whether
 * there was a round.
 *
 * @param base what each site does, and the server's learning rate; its training without a pull of its own
 * @param mu strength of the pull in the first round, at least 0, finite
 */
public record AdaFedProx(FedAvg base, double mu) implements FederatedAlgorithm {
    private static final double CHANGE = 0.1;
    private static final int FALLS = 5;

    private static final int GROWN = 0;
    private static final int LOSS = 1;
    private static final int FALLEN = 2;
    private static final int BEGUN = 3;

    public AdaFedProx {
        requireNonNull(base, "base is null");
        Checks.notNegative("mu", mu);
        Checks.withoutPull(base.training());
    }

    @Override
    public String name() {
        return "adafedprox";
    }

    @Override
    public LocalWork.Train work(int round) {
        return base.work(round);
    }

    @Override
    public int memorySize(int parameters) {
        return 4;
    }

    @Override
    public int contributionSize(int parameters) {
        return parameters + 1;
    }

    @Override
    public int sharedSize(int parameters) {
        return 1;
    }

    /** The mu of the next round. */
    @Override
    public float[] shared(ServerState state) {
        return new float[] {(float) mu(state.memory()[GROWN])};
    }

    private double mu(float grown) {
        return Math.max(0, mu + CHANGE * grown);
    }

    @Override
    public boolean sendsLoss() {
        return true;
    }

    @Override
    public List<Problem> problemsWith(Quantization quantization) {
        return List.of(new Problem(
                "protection",
                "adafedprox sends the training loss, and no plan says how large that can be: secure aggregation adds"
                        + " numbers of a known range.",
                "Use 'protection: plain'."));
    }

    @Override
    public boolean correctsGradients() {
        return true;
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalTask task = round.task();
        double loss = trainer.evaluate(task, train).loss();
        LocalWork pulled = ((LocalWork.Train) task.work()).withProximal(round.shared()[0]);
        LocalResult result = trainer.train(task.withWork(pulled), train);
        float[] update = result.update().valuesInTheClear();
        float[] contribution = Arrays.copyOf(update, update.length + 1);
        contribution[update.length] = (float) loss;
        return new SiteAnswer(
                new ModelUpdate(contribution, result.update().weight()), round.memory(), result.training());
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate("its training loss", "the strength of the pull to the common model", "");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        int size = from.parameters().length;
        Checks.size("the mean", mean.values().length, size + 1);
        double[] updates = Arrays.copyOf(mean.values(), size);
        float[] next = ServerStep.add(from.parameters(), updates, base.serverLearningRate());
        return new ServerState(next, adapted(from.memory(), (float) mean.values()[size]));
    }

    private float[] adapted(float[] before, float loss) {
        float grown = before[GROWN];
        float fallen = 0;
        if (before[BEGUN] != 0 && loss > before[LOSS]) {
            grown++;
        } else if (before[BEGUN] != 0 && loss < before[LOSS]) {
            fallen = before[FALLEN] + 1;
            if (fallen == FALLS) {
                grown -= mu(grown) > 0 ? 1 : 0;
                fallen = 0;
            }
        }
        return new float[] {grown, loss, fallen, 1};
    }
}
