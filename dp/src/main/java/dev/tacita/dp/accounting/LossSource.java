package dev.tacita.dp.accounting;

/**
 * The worst pair of neighbours of a mechanism: a distribution with the record and one without it. The loss is ln(with / without), under the
 * first; turned around, it is its negative under the second.
 */
interface LossSource {
    /** The probabilities between the multiples of a step. */
    LossCells cells(double step);

    /** From the lowest loss that counts to the highest. */
    double width();

    /** No finite loss is above, in either direction; infinite if there is no such number. */
    double largest();

    /** Probability of an infinite loss, the larger one of both directions. */
    double infinite();

    /** True if both directions have the same losses. */
    boolean symmetric();

    /** The mean of the finite losses, of the second direction if turned around. */
    double mean(boolean turned);
}
