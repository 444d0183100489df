package dev.tacita.dp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.distribution.continuous.BetaDistribution;

/**
 * A statistical test of (epsilon, delta)-differential privacy on two neighbouring inputs.
 *
 * <p>A first part of the draws chooses events: half-lines, on the values and on their magnitudes, at fixed quantiles, and
 * single values where there are few. For each event the rest of the draws gives, for each input, a lower and an upper bound
 * of its probability (Clopper and Pearson 1934), each of them wrong with a probability of at most {@link #FALSE_ALARM} / (4 *
 * number of events). A claim is broken if one input's lower bound is above exp(epsilon) times the other's upper bound plus
 * delta. If the claim is true this needs a wrong bound, so the false alarm is at most 4 * events * FALSE_ALARM / (4 *
 * events) = 10^-5 (union bound), however many pairs (epsilon, delta) the claim has.
 */
public final class Neighbours {
    /** The most probable a false alarm of one test can be. */
    public static final double FALSE_ALARM = 1e-5;

    private static final double[] QUANTILES = {.005, .01, .02, .05, .1, .25, .5, .75, .9, .95, .98, .99, .995};
    private static final double[] OF_MAGNITUDE = {.1, .5, .9, .98};
    private static final int FEW = 12;

    private final DoubleSupplier first;
    private final DoubleSupplier second;
    private final int draws;

    /**
     * Outputs, each reduced to a number.
     *
     * @param draws of each input for the bounds; a quarter as many choose the events
     */
    public Neighbours(DoubleSupplier first, DoubleSupplier second, int draws) {
        this.first = first;
        this.second = second;
        this.draws = draws;
    }

    /** Whether the claim is broken for some epsilon. */
    public boolean breaks(DoubleUnaryOperator deltaOfEpsilon, double... epsilons) {
        List<DoublePredicate> events = events();
        double wrong = FALSE_ALARM / (4 * events.size());
        int[] ofFirst = counts(first, events);
        int[] ofSecond = counts(second, events);
        for (int i = 0; i < events.size(); i++) {
            for (double epsilon : epsilons) {
                double delta = deltaOfEpsilon.applyAsDouble(epsilon);
                if (lower(ofFirst[i], wrong) > Math.exp(epsilon) * upper(ofSecond[i], wrong) + delta
                        || lower(ofSecond[i], wrong) > Math.exp(epsilon) * upper(ofFirst[i], wrong) + delta) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<DoublePredicate> events() {
        double[] values = new double[draws / 4 * 2];
        for (int i = 0; i < values.length; i += 2) {
            values[i] = first.getAsDouble();
            values[i + 1] = second.getAsDouble();
        }
        double[] magnitudes = Arrays.stream(values).map(Math::abs).sorted().toArray();
        Arrays.sort(values);
        List<DoublePredicate> events = new ArrayList<>();
        for (double quantile : QUANTILES) {
            double edge = values[(int) (quantile * values.length)];
            events.add(value -> value <= edge);
            events.add(value -> value > edge);
        }
        for (double quantile : OF_MAGNITUDE) {
            double edge = magnitudes[(int) (quantile * magnitudes.length)];
            events.add(value -> Math.abs(value) <= edge);
            events.add(value -> Math.abs(value) > edge);
        }
        double[] different = Arrays.stream(values).distinct().toArray();
        for (int i = 0; different.length <= FEW && i < different.length; i++) {
            double single = different[i];
            events.add(value -> value == single);
        }
        return events;
    }

    private int[] counts(DoubleSupplier input, List<DoublePredicate> events) {
        int[] counts = new int[events.size()];
        for (int i = 0; i < draws; i++) {
            double value = input.getAsDouble();
            for (int event = 0; event < counts.length; event++) {
                counts[event] += events.get(event).test(value) ? 1 : 0;
            }
        }
        return counts;
    }

    private double lower(int count, double wrong) {
        return count == 0 ? 0 : new BetaDistribution(count, draws - count + 1.0).inverseCumulativeProbability(wrong);
    }

    private double upper(int count, double wrong) {
        return count == draws
                ? 1
                : new BetaDistribution(count + 1.0, draws - count).inverseCumulativeProbability(1 - wrong);
    }
}
