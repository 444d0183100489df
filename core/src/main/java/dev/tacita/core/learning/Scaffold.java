package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.number.Quantization;
import java.util.Arrays;
import java.util.List;

/**
 * SCAFFOLD (Karimireddy et al. 2020, algorithm 1, option II): each site k corrects its gradients by c - c_k, where c is the
 * aggregator's control variate, sent with the model, and c_k the site's own, which stays there. After training to y from x,
 * c_k' = c_k - c + (x - y) / (learning rate * K), and the site sends y - x and c_k' - c_k. In the paper all sites count alike.
 * Control variates of parameters that are not trained stay 0.
 *
 * <p>K is the number of steps. Where schedule or momentum make steps count unlike, it is their effective number,
 * {@link EffectiveSteps}, so that (x - y) / (learning rate * K) is a mean of gradients still.
 *
 * @param base what each site does, with sgd without weight decay, and the server's learning rate
 * @param weighting how sites count
 */
public record Scaffold(FedAvg base, Weighting weighting) implements FederatedAlgorithm {
    public Scaffold {
        requireNonNull(base, "base is null");
        requireNonNull(weighting, "weighting is null");
        Checks.withoutPull(base.training());
        EffectiveSteps.check(base.training());
    }

    /** As in the paper: sites count alike. */
    public Scaffold(FedAvg base) {
        this(base, Weighting.ALIKE);
    }

    @Override
    public String name() {
        return "scaffold";
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    @Override
    public int memorySize(int parameters) {
        return parameters;
    }

    @Override
    public int siteMemorySize(int parameters) {
        return parameters;
    }

    @Override
    public int contributionSize(int parameters) {
        return Math.multiplyExact(2, parameters);
    }

    @Override
    public int sharedSize(int parameters) {
        return parameters;
    }

    @Override
    public float[] shared(ServerState state) {
        return state.memory();
    }

    @Override
    public boolean countsSitesAlike() {
        return weighting == Weighting.ALIKE;
    }

    /**
     * A control variate changes by the update over the number of steps, and by what all know. Where sites take unlike numbers of
     * steps, the sums of both are two sums of the same updates with other factors, which two sites' updates could be worked out
     * from; where they take the same number, one sum tells the other.
     */
    @Override
    public List<Problem> problemsWith(Quantization quantization) {
        return base.training().extent() instanceof LocalWork.Extent.Steps
                ? List.of()
                : List.of(new Problem(
                        "protection",
                        "under secure aggregation scaffold needs sites that take the same number of steps: else the sums of"
                                + " updates and of control variates are two equations, which two sites' updates follow from.",
                        "Give 'steps' in place of 'epochs'."));
    }

    @Override
    public boolean correctsGradients() {
        return true;
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalTask task = round.task();
        int size = task.parameters().length;
        float[] drift = new float[size];
        for (int i = 0; i < size; i++) {
            drift[i] = round.shared()[i] - round.memory()[i];
        }
        LocalResult result = trainer.train(task.withDrift(drift), train);
        float[] update = result.update().valuesInTheClear();
        LocalWork.Train work = (LocalWork.Train) task.work();
        double steps = EffectiveSteps.of(work, train.size()) * work.optimizer().learningRate();
        float[] memory = new float[size];
        float[] contribution = Arrays.copyOf(update, 2 * size);
        for (ParameterLayout.Slot slot : task.model().layout().slots()) {
            for (int i = slot.offset(); slot.trained() && i < slot.offset() + slot.length(); i++) {
                memory[i] = (float) (-(double) drift[i] - update[i] / steps);
                contribution[size + i] = memory[i] - round.memory()[i];
            }
        }
        return new SiteAnswer(new ModelUpdate(contribution, weighting.of(train)), memory, result.training());
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate(
                "how its control variate changes, a mean of its gradients",
                "the control variate of all sites",
                "its control variate");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        int size = from.parameters().length;
        Checks.size("the mean", mean.values().length, 2 * size);
        Checks.size("the memory", from.memory().length, size);
        float[] control = new float[size];
        for (int i = 0; i < size; i++) {
            control[i] = (float) (from.memory()[i] + mean.participation() * mean.values()[size + i]);
        }
        double[] updates = Arrays.copyOf(mean.values(), size);
        return new ServerState(ServerStep.add(from.parameters(), updates, base.serverLearningRate()), control);
    }
}
