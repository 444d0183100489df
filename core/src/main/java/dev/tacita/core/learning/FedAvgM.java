package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/**
 * Federated averaging with momentum at the aggregator: m = momentum * m + mean update; w += server-learning-rate * m (Hsu,
 * Qi and Brown 2019, section 4.2). The aggregator remembers m.
 *
 * @param base what each site does, and the server's learning rate
 * @param momentum at least 0, below 1
 */
public record FedAvgM(FedAvg base, double momentum) implements FederatedAlgorithm {
    public FedAvgM {
        requireNonNull(base, "base is null");
        Checks.fraction("momentum", momentum);
    }

    @Override
    public String name() {
        return "fedavgm";
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
        return parameters;
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        ServerStep.check(from, mean, 1);
        float[] velocity = new float[from.memory().length];
        float[] next = new float[from.parameters().length];
        for (int i = 0; i < next.length; i++) {
            double moved = momentum * from.memory()[i] + mean.values()[i];
            velocity[i] = (float) moved;
            next[i] = (float) (from.parameters()[i] + base.serverLearningRate() * moved);
        }
        return new ServerState(next, velocity);
    }
}
