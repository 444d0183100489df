package dev.tacita.dp.mechanism;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;

/**
 * Guarantee: all noisy counts of one release together are epsilon-differentially private (delta is 0), exactly, for the
 * neighbouring relation that is stated. {@code contributions} is the most that one record adds to all bins together
 * (1 where each record is in one bin); replacing a record changes the counts by twice that. The bins themselves must
 * not depend on the data, so empty ones are released too.
 *
 * <p>Every count gets the noise of {@link DiscreteLaplaceMechanism}. Counts can be negative.
 */
public final class NoisyHistogram {
    private final DiscreteLaplaceMechanism mechanism;

    private NoisyHistogram(DiscreteLaplaceMechanism mechanism) {
        this.mechanism = mechanism;
    }

    /** Histograms of which each release costs epsilon > 0; contributions >= 1. */
    public static NoisyHistogram of(double epsilon, int contributions, NeighbouringRelation relation) {
        return of(epsilon, contributions, relation, RandomBits.secure());
    }

    static NoisyHistogram of(double epsilon, int contributions, NeighbouringRelation relation, RandomBits bits) {
        Checks.atLeast("contributions", contributions, 1);
        long sensitivity =
                switch (requireNonNull(relation, "relation is null")) {
                    case ADD_OR_REMOVE_ONE, ZERO_OUT_ONE -> contributions;
                    case REPLACE_ONE -> 2L * contributions;
                };
        return new NoisyHistogram(DiscreteLaplaceMechanism.of(epsilon, sensitivity, bits));
    }

    /** What one release reveals, for an accountant, under the relation that is stated. */
    public Event event() {
        return mechanism.event();
    }

    /** The noisy counts, bin by bin; the argument stays as it is. */
    public long[] release(long[] counts) {
        long[] noisy = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            noisy[i] = mechanism.release(counts[i]);
        }
        return noisy;
    }
}
