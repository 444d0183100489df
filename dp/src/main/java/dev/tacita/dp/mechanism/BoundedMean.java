package dev.tacita.dp.mechanism;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;

/**
 * Guarantee: the released mean is epsilon-differentially private (delta is 0), exactly, for the neighbouring relation
 * that is stated, each record being one value. Values outside {@code lower} to {@code upper} are moved to the nearer
 * bound; the bounds must not come from the data.
 *
 * <p>Each value becomes an integer, its distance from the middle of the bounds in steps of a power of two, so that the
 * sum is exact and its sensitivity is what it seems (floating-point sums have a larger one: Casacuberta et al. 2022).
 * Where records are added or removed, half of epsilon goes to the sum of distances and half to the number of values;
 * where records are replaced the number of values is public and the sum has all of epsilon (Li, Lyu, Su and Yang 2016,
 * the noisy average). The noise is that of {@link DiscreteLaplaceMechanism}.
 */
public final class BoundedMean {
    private static final int STEP_BITS = 24;

    private final double epsilon;
    private final double lower;
    private final double upper;
    private final NeighbouringRelation relation;
    private final double step;
    private final DiscreteLaplaceMechanism sum;
    private final DiscreteLaplaceMechanism count;

    private BoundedMean(double epsilon, double lower, double upper, NeighbouringRelation relation, RandomBits bits) {
        Checks.positive("epsilon", epsilon);
        Checks.finite("lower", lower);
        Checks.finite("upper", upper);
        Checks.positive("upper - lower", upper - lower);
        this.epsilon = epsilon;
        this.lower = lower;
        this.upper = upper;
        this.relation = requireNonNull(relation, "relation is null");
        this.step = Math.scalb(1.0, Math.getExponent(upper - lower) - STEP_BITS);
        long reach = steps(upper);
        long widest = Math.max(reach, -steps(lower));
        boolean replaced = relation == NeighbouringRelation.REPLACE_ONE;
        this.sum = DiscreteLaplaceMechanism.of(
                replaced ? epsilon : epsilon / 2, replaced ? reach - steps(lower) : widest, bits);
        this.count = DiscreteLaplaceMechanism.of(epsilon / 2, 1, bits);
    }

    /** Means of which each release costs epsilon > 0; lower < upper, both finite. */
    public static BoundedMean of(double epsilon, double lower, double upper, NeighbouringRelation relation) {
        return new BoundedMean(epsilon, lower, upper, relation, RandomBits.secure());
    }

    static BoundedMean of(double epsilon, double lower, double upper, NeighbouringRelation relation, RandomBits bits) {
        return new BoundedMean(epsilon, lower, upper, relation, bits);
    }

    /** What one release reveals, for an accountant, under the relation that is stated. */
    public Event event() {
        return new Event.EpsilonDelta(epsilon, 0);
    }

    /**
     * The noisy mean, within the bounds; of no values, near their middle.
     *
     * @throws IllegalArgumentException if a value is not finite
     */
    public double release(double[] values) {
        Checks.allFinite("values", values);
        long total = 0;
        for (double value : values) {
            total += steps(Math.max(lower, Math.min(upper, value)));
        }
        long divisor = relation == NeighbouringRelation.REPLACE_ONE ? values.length : count.release(values.length);
        double mean = middle() + sum.release(total) * step / Math.max(1, divisor);
        return Math.max(lower, Math.min(upper, mean));
    }

    private long steps(double value) {
        return Math.round((value - middle()) / step);
    }

    private double middle() {
        return lower + (upper - lower) / 2;
    }
}
