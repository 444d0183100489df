package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * Federated averaging (McMahan et al. 2017, algorithm 1): each site trains, the aggregator adds the mean of the
 * updates weighted by n_k/N.
 *
 * @param training what each site does in a round
 * @param serverLearningRate factor of the mean; 1 is the paper's; above 0, finite
 * @param schedule of the sites' learning rate over rounds; on top of what the training does within a round
 */
public record FedAvg(LocalWork.Train training, double serverLearningRate, LearningRateSchedule schedule)
        implements FederatedAlgorithm {
    public FedAvg {
        requireNonNull(training, "training is null");
        requireNonNull(schedule, "schedule is null");
        Checks.positive("server-learning-rate", serverLearningRate);
    }

    /** At one learning rate in all rounds. */
    public FedAvg(LocalWork.Train training, double serverLearningRate) {
        this(training, serverLearningRate, LearningRateSchedule.CONSTANT);
    }

    @Override
    public String name() {
        return "fedavg";
    }

    @Override
    public LocalWork.Train work(int round) {
        double factor = schedule.factor(round - 1L);
        return factor == 1 ? training : training.scaled(factor);
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return ServerState.of(ServerStep.add(from.parameters(), mean.values(), serverLearningRate));
    }
}
