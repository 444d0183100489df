package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/**
 * Yogi at the aggregator (Reddi et al. 2021, algorithm 2, FEDYOGI): m = beta1 m + (1 - beta1) d,
 * v -= (1 - beta2) d^2 sign(v - d^2), w += server-learning-rate * m / (sqrt(v) + tau), where d is the mean update. As in the
 * paper there is <b>no bias correction</b>; m and v, which the aggregator remembers, begin at 0, where the paper lets v begin
 * at tau^2 or more.
 *
 * @param base what each site does, and the server's learning rate
 * @param beta1 at least 0, below 1
 * @param beta2 at least 0, below 1
 * @param tau how little a parameter may have moved and still be moved at less than full size; above 0, finite
 */
public record FedYogi(FedAvg base, double beta1, double beta2, double tau) implements FederatedAlgorithm {
    public FedYogi {
        requireNonNull(base, "base is null");
        Checks.fraction("beta1", beta1);
        Checks.fraction("beta2", beta2);
        Checks.positive("tau", tau);
    }

    @Override
    public String name() {
        return "fedyogi";
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
                from,
                mean,
                beta1,
                tau,
                base.serverLearningRate(),
                (square, update) -> square - (1 - beta2) * update * update * Math.signum(square - update * update));
    }
}
