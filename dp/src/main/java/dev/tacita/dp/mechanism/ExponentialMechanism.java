package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;

/**
 * Guarantee: the chosen index is epsilon-differentially private (delta is 0), exactly, whichever neighbouring relation
 * the sensitivity was found for: {@code sensitivity} is the most by which any one candidate's score differs between two
 * neighbouring data sets. The candidates themselves must not depend on the data.
 *
 * <p>A candidate with score q is chosen with probability proportional to exp(epsilon q / (2 sensitivity)) (McSherry and
 * Talwar 2007). It is drawn by rejection without floating point: a candidate, uniformly, kept with probability
 * exp(-epsilon (best - q) / (2 sensitivity)). {@link PermuteAndFlip} has the same guarantee and is never worse. Random
 * bits: AES-128-CTR, keyed by {@link java.security.SecureRandom}. How long a call takes is not protected.
 */
public final class ExponentialMechanism {
    private final double epsilon;
    private final Rational halfRate;
    private final ExactDraws draws;

    private ExponentialMechanism(double epsilon, double sensitivity, RandomBits bits) {
        this.epsilon = epsilon;
        this.halfRate = Choices.halfRate(epsilon, sensitivity);
        this.draws = new ExactDraws(bits);
    }

    /** A mechanism of which each choice costs epsilon; both > 0. */
    public static ExponentialMechanism of(double epsilon, double sensitivity) {
        return new ExponentialMechanism(epsilon, sensitivity, RandomBits.secure());
    }

    static ExponentialMechanism of(double epsilon, double sensitivity, RandomBits bits) {
        return new ExponentialMechanism(epsilon, sensitivity, bits);
    }

    /** What one choice reveals, for an accountant. */
    public Event event() {
        return new Event.ExponentialChoice(epsilon);
    }

    /**
     * The index of the chosen candidate.
     *
     * @throws IllegalArgumentException if there is no score or one is not finite
     */
    public int choose(double[] scores) {
        Choices.check(scores);
        double best = Choices.best(scores);
        synchronized (draws) {
            while (true) {
                int index = draws.bits().below(scores.length);
                if (draws.bernoulliExp(Choices.shortfall(best, scores[index], halfRate))) {
                    return index;
                }
            }
        }
    }
}
