package dev.tacita.core.aggregation;

import java.util.Arrays;

/**
 * The point with the least weighted sum of distances to all updates (RFA: Pillutla, Kakade and Harchaoui 2022, algorithm 2),
 * by Weiszfeld's steps with distances smoothed at {@code smoothing}, taken until a step moves the point by less than
 * {@code tolerance} times its distance to the farthest update, or {@code mostSteps} are done.
 *
 * @param smoothing the least distance that is divided by, above 0
 * @param tolerance above 0
 * @param mostSteps at least 1
 */
public record GeometricMedian(double smoothing, double tolerance, int mostSteps) implements Aggregation {
    public GeometricMedian {
        Counts.positive("smoothing", smoothing);
        Counts.positive("tolerance", tolerance);
        if (mostSteps < 1) {
            throw new IllegalArgumentException("most-steps must be >= 1. Provided value: " + mostSteps);
        }
    }

    /** Smoothed at 1e-6, to a relative move below 1e-9, within 10,000 steps. */
    public GeometricMedian() {
        this(1e-6, 1e-9, 10_000);
    }

    @Override
    public String name() {
        return "geometric-median";
    }

    @Override
    public int leastUpdates() {
        return 1;
    }

    @Override
    public double[] aggregate(Updates updates) {
        double[] point = new Mean().aggregate(updates);
        for (int step = 0; step < mostSteps; step++) {
            double[] distances = distances(updates, point);
            double[] factors = new double[distances.length];
            for (int i = 0; i < factors.length; i++) {
                factors[i] = updates.weights()[i] / Math.max(smoothing, distances[i]);
            }
            double[] next = updates.mean(factors);
            double moved = distance(point, next);
            point = next;
            if (moved <= tolerance * Arrays.stream(distances).max().orElse(0)) {
                return point;
            }
        }
        return point;
    }

    private static double[] distances(Updates updates, double[] point) {
        double[] distances = new double[updates.count()];
        for (int i = 0; i < distances.length; i++) {
            float[] vector = updates.vectors().get(i);
            double squares = 0;
            for (int j = 0; j < point.length; j++) {
                double difference = vector[j] - point[j];
                squares += difference * difference;
            }
            distances[i] = Math.sqrt(squares);
        }
        return distances;
    }

    private static double distance(double[] a, double[] b) {
        double squares = 0;
        for (int j = 0; j < a.length; j++) {
            squares += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return Math.sqrt(squares);
    }
}
