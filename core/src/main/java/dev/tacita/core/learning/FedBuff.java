package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * FedBuff (Nguyen et al. 2022, algorithm 1): sites train at the same time, each from the newest model when it begins, and the
 * aggregator steps whenever so many updates have arrived, along their mean, in which an update counts 1 / sqrt(1 + the number of
 * steps since its site began). Sites count alike, whatever their number of examples. What a plan calls a round is a step. It
 * needs sites that begin and end when they please, and is simulated only.
 *
 * @param base what each site does, and the server's learning rate
 * @param buffer K, how many updates a step waits for, at least 1
 * @param concurrency how many sites train at the same time, at least 1
 */
public record FedBuff(FedAvg base, int buffer, int concurrency) implements FederatedAlgorithm {
    public FedBuff {
        requireNonNull(base, "base is null");
        Checks.atLeast("buffer", buffer, 1);
        Checks.atLeast("concurrency", concurrency, 1);
    }

    @Override
    public String name() {
        return "fedbuff";
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    /**
     * An update as it counts: times 1 / sqrt(1 + steps), as one.
     *
     * @param steps that the aggregator took between the begin and the end of the site's training, at least 0
     */
    public static ModelUpdate weighed(ModelUpdate update, int steps) {
        Checks.atLeast("steps", steps, 0);
        double factor = 1 / Math.sqrt(1d + steps);
        float[] values = update.valuesInTheClear().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (factor * values[i]);
        }
        return new ModelUpdate(values, 1);
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return base.step(from, mean);
    }
}
