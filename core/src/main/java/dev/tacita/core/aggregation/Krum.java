package dev.tacita.core.aggregation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Multi-Krum (Blanchard et al. 2017): the mean of the {@code kept} updates with the least sum of squared distances to their
 * n - f - 2 nearest others; with {@code kept} 1 it is Krum itself. Where sums are equal, the earlier site is taken. Weights
 * do not count.
 *
 * <p>The theory asks for n > 2f + 2. Fewer than f + 3 updates leave one neighbour to look at.
 *
 * @param hostile f, how many sites may be hostile, at least 0
 * @param kept how many updates are averaged, at least 1
 */
public record Krum(int hostile, int kept) implements Aggregation {
    public Krum {
        Counts.hostile(hostile);
        if (kept < 1) {
            throw new IllegalArgumentException("kept must be >= 1. Provided value: " + kept);
        }
    }

    /** Krum itself: one update. */
    public Krum(int hostile) {
        this(hostile, 1);
    }

    @Override
    public String name() {
        return kept == 1 ? "krum" : "multi-krum";
    }

    @Override
    public int leastUpdates() {
        return Math.max(kept, hostile + 2);
    }

    @Override
    public int provenFrom() {
        return Math.max(leastUpdates(), 2 * hostile + 3);
    }

    @Override
    public double[] aggregate(Updates updates) {
        updates.requireAtLeast(this);
        double[] scores = scores(updates.squaredDistances(), range(updates.count()), nearest(updates.count(), hostile));
        double[] factors = new double[updates.count()];
        range(updates.count()).stream()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .limit(kept)
                .forEach(i -> factors[i] = 1);
        return updates.mean(factors);
    }

    /** How many neighbours count. */
    static int nearest(int count, int hostile) {
        return Math.max(1, count - hostile - 2);
    }

    /** Of each of the {@code among}, in their order, to its nearest others or to all of them where there are fewer. */
    static double[] scores(double[][] distances, List<Integer> among, int nearest) {
        double[] scores = new double[among.size()];
        for (int i = 0; i < scores.length; i++) {
            List<Double> others = new ArrayList<>();
            for (int other : among) {
                if (other != among.get(i)) {
                    others.add(distances[among.get(i)][other]);
                }
            }
            double[] sorted =
                    others.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            scores[i] =
                    Arrays.stream(sorted, 0, Math.min(nearest, sorted.length)).sum();
        }
        return scores;
    }

    static List<Integer> range(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
