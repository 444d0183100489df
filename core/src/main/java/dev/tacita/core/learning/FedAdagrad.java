package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/**
 * Adagrad at the aggregator (Reddi et al. 2021, algorithm 2, FEDADAGRAD, with beta1 = 0): v += d^2,
 * w += server-learning-rate * d / (sqrt(v) + tau), where d is the mean update. v, which the aggregator remembers, begins at
 * 0, where the paper lets it begin at tau^2 or more.
 *
 * @param base what each site does, and the server's learning rate
 * @param tau how little a parameter may have moved and still be moved at less than full size; above 0, finite
 */
public record FedAdagrad(FedAvg base, double tau) implements FederatedAlgorithm {
    public FedAdagrad {
        requireNonNull(base, "base is null");
        Checks.positive("tau", tau);
    }

    @Override
    public String name() {
        return "fedadagrad";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        return ServerStep.problemsWithRunningStatistics(model);
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    @Override
    public int memorySize(int parameters) {
        return 2 * parameters;
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return ServerStep.adaptive(
                from, mean, 0, tau, base.serverLearningRate(), (square, update) -> square + update * update);
    }
}
