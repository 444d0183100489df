package dev.tacita.core.learning;

/** How much a site counts in a mean. */
public enum Weighting {
    /** As many times as it has training examples. */
    EXAMPLES,
    /** Once, whatever its size. */
    ALIKE;

    long of(Examples train) {
        return this == ALIKE ? 1 : train.size();
    }
}
