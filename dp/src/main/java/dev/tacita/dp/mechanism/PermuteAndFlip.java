package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;

/**
 * Guarantee: the chosen index is epsilon-differentially private (delta is 0), exactly, whichever neighbouring relation
 * the sensitivity was found for: {@code sensitivity} is the most by which any one candidate's score differs between two
 * neighbouring data sets. The candidates themselves must not depend on the data.
 *
 * <p>The candidates are taken in random order, each with score q being chosen with probability exp(-epsilon (best - q)
 * / (2 sensitivity)); the best is chosen when its turn comes (McKenna and Sheldon 2020, algorithm 1). The expected
 * shortfall is never larger than the exponential mechanism's, and up to half of it. Drawn without floating point, from
 * AES-128-CTR, keyed by {@link java.security.SecureRandom}. How long a call takes is not protected.
 */
public final class PermuteAndFlip {
    private final double epsilon;
    private final Rational halfRate;
    private final ExactDraws draws;

    private PermuteAndFlip(double epsilon, double sensitivity, RandomBits bits) {
        this.epsilon = epsilon;
        this.halfRate = Choices.halfRate(epsilon, sensitivity);
        this.draws = new ExactDraws(bits);
    }

    /** A mechanism of which each choice costs epsilon; both > 0. */
    public static PermuteAndFlip of(double epsilon, double sensitivity) {
        return new PermuteAndFlip(epsilon, sensitivity, RandomBits.secure());
    }

    static PermuteAndFlip of(double epsilon, double sensitivity, RandomBits bits) {
        return new PermuteAndFlip(epsilon, sensitivity, bits);
    }

    /** What one choice reveals, for an accountant. */
    public Event event() {
        return new Event.PermuteAndFlipChoice(epsilon);
    }

    /**
     * The index of the chosen candidate.
     *
     * @throws IllegalArgumentException if there is no score or one is not finite
     */
    public int choose(double[] scores) {
        Choices.check(scores);
        double best = Choices.best(scores);
        int[] order = new int[scores.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        synchronized (draws) {
            int left = order.length;
            while (true) {
                int place = draws.bits().below(left);
                int index = order[place];
                if (draws.bernoulliExp(Choices.shortfall(best, scores[index], halfRate))) {
                    return index;
                }
                order[place] = order[--left];
            }
        }
    }
}
