package dev.tacita.core.learning;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/**
 * Federated SGD (McMahan et al. 2017, sec. 2): each site sends its full-batch gradient, the aggregator takes one step
 * along their mean weighted by n_k/N. Equal to gradient descent on all the sites' examples together.
 *
 * @param learningRate of the aggregator's step; above 0, finite
 */
public record FedSgd(double learningRate) implements FederatedAlgorithm {
    public FedSgd {
        Checks.positive("learning-rate", learningRate);
    }

    @Override
    public String name() {
        return "fedsgd";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        return LocalWork.Gradient.problemsWith(model);
    }

    @Override
    public LocalWork work(int round) {
        return new LocalWork.Gradient();
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return ServerState.of(ServerStep.add(from.parameters(), mean.values(), -learningRate));
    }
}
