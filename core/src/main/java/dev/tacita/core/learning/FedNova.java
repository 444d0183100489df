package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.number.Quantization;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * FedNova (Wang et al. 2020, equation 6): each site sends its update divided by its {@linkplain EffectiveSteps effective
 * number of steps} a, and a beside it; the aggregator adds the mean of the former times the mean of the latter, both
 * weighted by the number of examples. So a site that took more steps does not pull the model to its own optimum.
 *
 * @param base what each site does, with sgd without weight decay, and the server's learning rate
 */
public record FedNova(FedAvg base) implements FederatedAlgorithm {
    /** In which a travels, so that the fixed-point range of contributions holds it: a / 4096. */
    private static final int UNIT = 4096;

    public FedNova {
        requireNonNull(base, "base is null");
        EffectiveSteps.check(base.training());
    }

    @Override
    public String name() {
        return "fednova";
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    @Override
    public int contributionSize(int parameters) {
        return parameters + 1;
    }

    @Override
    public Optional<ContributionRule> contributionRule(int parameters) {
        return Optional.of(
                ContributionRule.atLeast("the number of steps, of which " + UNIT + " are one,", parameters, 1f / UNIT));
    }

    @Override
    public List<Problem> problemsWith(Quantization quantization) {
        return List.of(new Problem(
                "protection",
                "fednova sends how many steps a site took, and the mean of that multiplies the model's step: rounded to few"
                        + " bits it would be another number.",
                "Use 'protection: plain'."));
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalResult result = trainer.train(round.task(), train);
        float[] update = result.update().valuesInTheClear();
        double steps = EffectiveSteps.of((LocalWork.Train) round.task().work(), train.size());
        float[] contribution = new float[update.length + 1];
        for (int i = 0; i < update.length; i++) {
            contribution[i] = (float) (update[i] / steps);
        }
        contribution[update.length] = (float) (steps / UNIT);
        return new SiteAnswer(
                new ModelUpdate(contribution, result.update().weight()), round.memory(), result.training());
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate("how many steps it took", "", "");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        int size = from.parameters().length;
        Checks.size("the mean", mean.values().length, size + 1);
        double steps = mean.values()[size] * UNIT;
        double[] direction = Arrays.copyOf(mean.values(), size);
        return ServerState.of(ServerStep.add(from.parameters(), direction, base.serverLearningRate() * steps));
    }
}
