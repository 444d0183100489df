package dev.tacita.dp.accounting;

/**
 * A guarantee of (epsilon, delta)-differential privacy with everything one must know to compare it with another.
 *
 * @param epsilon 0 or more; infinite where nothing can be guaranteed at this delta
 * @param delta from 0 to 1
 * @param relation the neighbours that it holds apart
 * @param accountant the name of the accountant
 * @param method how the accountant came to this pair, such as the conversion and the order
 * @param bound true if the mechanism surely meets it; false if it is an approximation, which may be too small
 */
public record Guarantee(
        double epsilon, double delta, NeighbouringRelation relation, String accountant, String method, boolean bound) {}
