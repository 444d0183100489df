package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.NeighbouringRelation;

/**
 * What is said of a training: that it is (epsilon, delta)-differentially private.
 *
 * @param epsilon 0 or more, finite
 * @param delta from 0, below 1
 * @param relation for these neighbours
 */
public record Claim(double epsilon, double delta, NeighbouringRelation relation) {
    public Claim {
        Checks.notNegative("the claimed epsilon", epsilon);
        Checks.delta(delta);
        requireNonNull(relation, "relation is null");
    }

    /** What follows for neighbours that replace one: they are two steps of adding, removing or emptying one apart. */
    public Claim forReplacing() {
        return switch (relation) {
            case REPLACE_ONE -> this;
            case ADD_OR_REMOVE_ONE, ZERO_OUT_ONE ->
                new Claim(
                        2 * epsilon,
                        Math.min(Math.nextDown(1.0), (1 + Math.exp(epsilon)) * delta),
                        NeighbouringRelation.REPLACE_ONE);
        };
    }
}
