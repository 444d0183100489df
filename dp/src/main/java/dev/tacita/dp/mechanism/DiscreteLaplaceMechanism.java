package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;
import java.math.BigInteger;

/**
 * Guarantee: releasing {@code count + noise} is epsilon-differentially private (delta is 0), exactly, whichever
 * neighbouring relation the sensitivity was found for: {@code sensitivity} is the largest sum of absolute differences
 * between all counts of two neighbouring data sets that are released together.
 *
 * <p>The noise k has probability proportional to exp(-epsilon |k| / sensitivity), also known as the two-sided geometric
 * mechanism (Ghosh, Roughgarden and Sundararajan 2009). It is drawn without floating point (Canonne, Kamath and Steinke
 * 2020, algorithm 2) from AES-128-CTR, keyed by {@link java.security.SecureRandom}. How long a call takes is not
 * protected.
 */
public final class DiscreteLaplaceMechanism {
    private final double epsilon;
    private final long sensitivity;
    private final Rational rate;
    private final ExactDraws draws;

    private DiscreteLaplaceMechanism(double epsilon, long sensitivity, RandomBits bits) {
        Checks.positive("epsilon", epsilon);
        Checks.atLeast("sensitivity", sensitivity, 1);
        this.epsilon = epsilon;
        this.sensitivity = sensitivity;
        this.rate = Rational.of(epsilon).over(Rational.of(sensitivity));
        this.draws = new ExactDraws(bits);
    }

    /** A mechanism for counts; epsilon > 0, sensitivity >= 1. */
    public static DiscreteLaplaceMechanism of(double epsilon, long sensitivity) {
        return new DiscreteLaplaceMechanism(epsilon, sensitivity, RandomBits.secure());
    }

    static DiscreteLaplaceMechanism of(double epsilon, long sensitivity, RandomBits bits) {
        return new DiscreteLaplaceMechanism(epsilon, sensitivity, bits);
    }

    /** What one release reveals, for an accountant. */
    public Event event() {
        return new Event.DiscreteLaplace(epsilon, sensitivity);
    }

    /** Epsilon of all counts that share the sensitivity. */
    public double epsilon() {
        return epsilon;
    }

    /** The sensitivity that was stated. */
    public long sensitivity() {
        return sensitivity;
    }

    /** The noisy count, which can be negative; it is cut off at the range of a long. */
    public long release(long count) {
        synchronized (draws) {
            return Longs.limited(BigInteger.valueOf(count).add(draws.discreteLaplace(rate)));
        }
    }
}
