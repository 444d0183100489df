package dev.tacita.core.aggregation;

import java.util.Arrays;

/** The mean by weight: what plain federated averaging adds. One hostile update moves it anywhere. */
public record Mean() implements Aggregation {
    @Override
    public String name() {
        return "mean";
    }

    @Override
    public int leastUpdates() {
        return 1;
    }

    @Override
    public double[] aggregate(Updates updates) {
        return updates.mean(Arrays.stream(updates.weights()).asDoubleStream().toArray());
    }
}
