package dev.tacita.core.learning;

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
    public LocalWork work(int round) {
        return new LocalWork.Gradient();
    }

    @Override
    public float[] step(float[] parameters, double[] mean) {
        return ServerStep.add(parameters, mean, -learningRate);
    }
}
