package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * Federated averaging (McMahan et al. 2017, algorithm 1): each site trains, the aggregator adds the mean of the
 * updates weighted by n_k/N.
 *
 * @param training what each site does in a round
 * @param serverLearningRate factor of the mean; 1 is the paper's; above 0, finite
 */
public record FedAvg(LocalWork.Train training, double serverLearningRate) implements FederatedAlgorithm {
    public FedAvg {
        requireNonNull(training, "training is null");
        Checks.positive("server-learning-rate", serverLearningRate);
    }

    @Override
    public String name() {
        return "fedavg";
    }

    @Override
    public LocalWork work(int round) {
        return training;
    }

    @Override
    public float[] step(float[] parameters, double[] mean) {
        return ServerStep.add(parameters, mean, serverLearningRate);
    }
}
