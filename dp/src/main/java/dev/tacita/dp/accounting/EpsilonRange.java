package dev.tacita.dp.accounting;

/**
 * What epsilon is at some delta, for the worst pair of neighbours that the event is judged by.
 *
 * @param lower no accountant can show less
 * @param upper is guaranteed
 */
public record EpsilonRange(double lower, double upper) {}
