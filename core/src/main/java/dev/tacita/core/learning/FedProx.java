package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * FedProx (Li et al. 2020, algorithm 2): federated averaging whose sites are pulled to the model they received, by
 * (mu/2)||w - w0||^2 beside their loss. How long a site trains is the plan's, the same for all.
 *
 * @param base what each site does, and the server's learning rate; its training without a pull of its own
 * @param mu strength of the pull, above 0, finite
 */
public record FedProx(FedAvg base, double mu) implements FederatedAlgorithm {
    public FedProx {
        requireNonNull(base, "base is null");
        Checks.positive("mu", mu);
        Checks.withoutPull(base.training());
    }

    @Override
    public String name() {
        return "fedprox";
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round).withProximal(mu);
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return base.step(from, mean);
    }
}
