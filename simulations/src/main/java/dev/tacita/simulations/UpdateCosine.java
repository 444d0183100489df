package dev.tacita.simulations;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How far sites pull in one direction: the mean cosine between the updates of two sites, each pair counting as the product of
 * their lengths, weights included. 1 where all went the same way, 0 where they have nothing to do with each other. It is worked
 * out from the sum and from lengths alone, as the square of a sum's length is that of its parts and twice all products of pairs.
 */
final class UpdateCosine {
    private UpdateCosine() {}

    /** Of a round; empty of fewer than two updates that are not zero. */
    static OptionalDouble of(List<SiteAnswered> counted, double[] mean, int parameters) {
        double lengths = 0;
        double squares = 0;
        long total = 0;
        for (SiteAnswered each : counted) {
            double length = each.weight() * each.norm();
            lengths += length;
            squares += length * length;
            total += each.weight();
        }
        double pairs = lengths * lengths - squares;
        if (!(pairs > 1e-9 * squares)) {
            return OptionalDouble.empty();
        }
        double ofSum = 0;
        for (int i = 0; i < Math.min(parameters, mean.length); i++) {
            double sum = total * mean[i];
            ofSum += sum * sum;
        }
        return OptionalDouble.of(Math.max(-1, Math.min(1, (ofSum - squares) / pairs)));
    }

    /** The mean of updates that are not added, each counting as its weight. */
    static double[] mean(List<SiteAnswered> counted, int parameters) {
        double[] mean = new double[parameters];
        long total = counted.stream().mapToLong(SiteAnswered::weight).sum();
        for (SiteAnswered each : counted) {
            for (int i = 0; i < parameters; i++) {
                mean[i] += (double) each.weight() / total * each.update()[i];
            }
        }
        return mean;
    }

    /** The length of the first values. */
    static double norm(float[] values, int count) {
        double squares = 0;
        for (int i = 0; i < Math.min(count, values.length); i++) {
            squares += (double) values[i] * values[i];
        }
        return Math.sqrt(squares);
    }
}
