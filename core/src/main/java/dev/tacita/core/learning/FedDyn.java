package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/**
 * FedDyn (Acar et al. 2021, algorithm 1): site k minimises its loss - g_k w + (alpha/2)||w - w0||^2, where g_k, its own
 * memory, begins at 0 and becomes g_k - alpha (w_k - w0). The aggregator remembers h, which becomes h - alpha * (share of the
 * sites that contributed) * mean update, and sets w = mean w_k - h / alpha. Sites count alike, whatever their number of
 * examples. Only models and updates travel.
 *
 * @param training what each site does in a round, without a pull of its own
 * @param schedule of the sites' learning rate over rounds
 * @param alpha strength of the regulariser, above 0, finite
 */
public record FedDyn(LocalWork.Train training, LearningRateSchedule schedule, double alpha)
        implements FederatedAlgorithm {
    public FedDyn {
        requireNonNull(training, "training is null");
        requireNonNull(schedule, "schedule is null");
        Checks.positive("alpha", alpha);
        Checks.withoutPull(training);
    }

    @Override
    public String name() {
        return "feddyn";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        return ServerStep.problemsWithRunningStatistics(model);
    }

    @Override
    public LocalWork work(int round) {
        return new FedAvg(training, 1, schedule).work(round).withProximal(alpha);
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
    public boolean countsSitesAlike() {
        return true;
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        float[] before = round.memory();
        float[] drift = new float[before.length];
        for (int i = 0; i < drift.length; i++) {
            drift[i] = -before[i];
        }
        LocalResult result = trainer.train(round.task().withDrift(drift), train);
        float[] update = result.update().valuesInTheClear();
        float[] memory = new float[before.length];
        for (int i = 0; i < memory.length; i++) {
            memory[i] = (float) (before[i] - alpha * update[i]);
        }
        return new SiteAnswer(new ModelUpdate(update, 1), memory, result.training());
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate("", "", "the sum of its updates so far");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        ServerStep.check(from, mean, 1);
        float[] memory = new float[from.memory().length];
        float[] next = new float[from.parameters().length];
        for (int i = 0; i < next.length; i++) {
            double update = mean.values()[i];
            double h = from.memory()[i] - alpha * mean.participation() * update;
            memory[i] = (float) h;
            next[i] = (float) (from.parameters()[i] + update - h / alpha);
        }
        return new ServerState(next, memory);
    }
}
