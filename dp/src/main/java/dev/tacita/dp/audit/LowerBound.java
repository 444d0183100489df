package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.NeighbouringRelation;

/**
 * What an audit proved: a mechanism that has this epsilon or a smaller one at this delta gives such a result, or a
 * stronger one, with at most the probability of a false alarm.
 *
 * @param epsilon 0 or more; infinite only where the members were certain
 * @param delta at which it holds, from 0, below 1
 * @param falseAlarm probability, between 0 and 1, that the bound is above the true epsilon
 * @param relation the neighbours that the epsilon is about
 * @param method how it was found, for reports
 * @param assumption what must be true besides for it to hold, such as a shape of the mechanism; empty if nothing
 */
public record LowerBound(
        double epsilon,
        double delta,
        double falseAlarm,
        NeighbouringRelation relation,
        String method,
        String assumption) {
    public LowerBound {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must be >= 0. Provided value: " + epsilon);
        }
        Checks.delta(delta);
        Checks.insideUnit("falseAlarm", falseAlarm);
        requireNonNull(relation, "relation is null");
        requireNonNull(method, "method is null");
        requireNonNull(assumption, "assumption is null");
    }

    /** Whether it holds whatever the mechanism is and however few the trials: only such a bound can refuse a release. */
    public boolean proven() {
        return assumption.isEmpty();
    }
}
