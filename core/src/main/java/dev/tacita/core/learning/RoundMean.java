package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * What a round's contributions came to.
 *
 * @param values their mean by weight, one for each element of a contribution; not to be changed
 * @param round counted from 1
 * @param contributions how many there were, at least 1
 * @param sites how many the federation has, whether asked or not; at least {@code contributions}
 */
public record RoundMean(double[] values, int round, int contributions, int sites) {
    public RoundMean {
        requireNonNull(values, "values is null");
        Checks.atLeast("round", round, 1);
        Checks.atLeast("contributions", contributions, 1);
        Checks.atLeast("sites", sites, contributions);
    }

    /** Of a round in which every site of the federation contributed. */
    public static RoundMean ofAll(double[] values, int round, int sites) {
        return new RoundMean(values, round, sites, sites);
    }

    /** The share of the federation's sites that contributed, above 0, at most 1. */
    public double participation() {
        return (double) contributions / sites;
    }
}
