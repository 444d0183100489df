package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.Quantization;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * q-FedAvg (Li et al. 2020, Fair resource allocation, algorithm 2): the worse the model received does at a site, the more its
 * update counts. With F the mean loss of the site's training examples at the model received, u its update and L one over the
 * learning rate, the site sends F^q u and h = q F^(q-1) L ||u||^2 + F^q, both divided by the paper's L; the aggregator adds
 * the sum of the former over the sum of the latter. Sites count alike otherwise. The loss goes into what is sent.
 *
 * @param training what each site does in a round
 * @param schedule of the sites' learning rate over rounds
 * @param q fairness, at least 0, finite; 0 counts all sites alike
 */
public record QFedAvg(LocalWork.Train training, LearningRateSchedule schedule, double q) implements FederatedAlgorithm {
    private static final double LEAST_LOSS = 1e-10;

    public QFedAvg {
        requireNonNull(training, "training is null");
        requireNonNull(schedule, "schedule is null");
        Checks.notNegative("q", q);
    }

    @Override
    public String name() {
        return "qfedavg";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        return ServerStep.problemsWithRunningStatistics(model);
    }

    @Override
    public LocalWork work(int round) {
        return new FedAvg(training, 1, schedule).work(round);
    }

    @Override
    public int contributionSize(int parameters) {
        return parameters + 1;
    }

    @Override
    public Optional<ContributionRule> contributionRule(int parameters) {
        return Optional.of(ContributionRule.atLeast("the number made of the training loss", parameters, 0));
    }

    @Override
    public boolean countsSitesAlike() {
        return true;
    }

    @Override
    public boolean sendsLoss() {
        return true;
    }

    @Override
    public List<Problem> problemsWith(Quantization quantization) {
        return List.of(new Problem(
                "protection",
                "qfedavg sends a number made of the loss and of the norm of the update, and no plan says how large that"
                        + " can be: secure aggregation adds numbers of a known range.",
                "Use 'protection: plain'."));
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalTask task = round.task();
        double loss = Math.max(LEAST_LOSS, trainer.evaluate(task, train).loss());
        LocalResult result = trainer.train(task, train);
        float[] update = result.update().valuesInTheClear();
        double factor = Math.pow(loss, q);
        double squares = 0;
        float[] contribution = new float[update.length + 1];
        for (int i = 0; i < update.length; i++) {
            squares += (double) update[i] * update[i];
            contribution[i] = (float) (factor * update[i]);
        }
        double smoothness = 1 / ((LocalWork.Train) task.work()).optimizer().learningRate();
        contribution[update.length] = (float) (q * Math.pow(loss, q - 1) * smoothness * squares + factor);
        return new SiteAnswer(new ModelUpdate(contribution, 1), round.memory(), result.training());
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate("a number made of its training loss", "", "");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        int size = from.parameters().length;
        Checks.size("the mean", mean.values().length, size + 1);
        double[] updates = Arrays.copyOf(mean.values(), size);
        return ServerState.of(ServerStep.add(from.parameters(), updates, 1 / mean.values()[size]));
    }
}
