package dev.tacita.core.learning;

import java.util.Optional;

/**
 * What an algorithm demands of numbers that a site sends, beyond that they lie in the encoding's range: a sign or a form without
 * which the aggregator's step has no result. It holds for each honest site, and sums of numbers that keep it keep it too. So a
 * site that breaks it is refused, and the round's sum keeps a result. It bounds nothing else of what a site that lies can do to a
 * model: one that is pushed far off by numbers in range may have no next step either.
 */
public interface ContributionRule {
    /** Index of the first number that the rule is about, in a contribution. */
    int from();

    /**
     * What is wrong with a part of a contribution, as the rule, the number and its index; nothing if it may be added. A part
     * that ends before {@link #from} need not be shown.
     *
     * @param first index of the part's first number
     * @param values finite, within the encoding's range
     */
    Optional<String> problem(int first, float[] values);

    /** One number, at least this much. */
    static ContributionRule atLeast(String what, int index, float least) {
        return new ContributionRule() {
            @Override
            public int from() {
                return index;
            }

            @Override
            public Optional<String> problem(int first, float[] values) {
                boolean here = index >= first && index - first < values.length;
                return here && values[index - first] < least
                        ? Optional.of(what + " must be at least " + least + ". Provided value: " + values[index - first]
                                + " at index " + index)
                        : Optional.empty();
            }
        };
    }
}
