package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;
import java.math.BigInteger;

/**
 * Guarantee: the reported index is epsilon-differentially private (delta is 0), exactly, whichever neighbouring
 * relation the sensitivity was found for: {@code sensitivity} is the most by which any one candidate's score differs
 * between two neighbouring data sets. Only the index leaves: the noisy maximum would cost more. The candidates
 * themselves must not depend on the data.
 *
 * <p>Discrete Laplace noise of scale 2 sensitivity / epsilon is added to every score, and the index of the largest is
 * reported, of equal ones the first (Dwork and Roth 2014, sec. 3.3). Scores are put on a grid of a power of two first,
 * which the noise makes up for. Drawn without floating point, from AES-128-CTR, keyed by
 * {@link java.security.SecureRandom}. How long a call takes is not protected.
 */
public final class ReportNoisyMax {
    private final double epsilon;
    private final Grid grid;
    private final Rational rate;
    private final ExactDraws draws;

    private ReportNoisyMax(double epsilon, double sensitivity, RandomBits bits) {
        Checks.positive("epsilon", epsilon);
        Checks.positive("sensitivity", sensitivity);
        this.epsilon = epsilon;
        this.grid = Grid.forScale(Math.min(sensitivity, sensitivity / epsilon));
        BigInteger twice = grid.indicesOf(sensitivity).shiftLeft(1);
        this.rate = Rational.of(epsilon).over(new Rational(twice, BigInteger.ONE));
        this.draws = new ExactDraws(bits);
    }

    /** A mechanism of which each report costs epsilon; both > 0. */
    public static ReportNoisyMax of(double epsilon, double sensitivity) {
        return new ReportNoisyMax(epsilon, sensitivity, RandomBits.secure());
    }

    static ReportNoisyMax of(double epsilon, double sensitivity, RandomBits bits) {
        return new ReportNoisyMax(epsilon, sensitivity, bits);
    }

    /** What one report reveals, for an accountant. */
    public Event event() {
        return new Event.EpsilonDelta(epsilon, 0);
    }

    /**
     * The index of the largest noisy score.
     *
     * @throws IllegalArgumentException if there is no score or one is not finite
     */
    public int choose(double[] scores) {
        Choices.check(scores);
        synchronized (draws) {
            int chosen = 0;
            BigInteger largest = noisy(scores[0]);
            for (int i = 1; i < scores.length; i++) {
                BigInteger score = noisy(scores[i]);
                if (score.compareTo(largest) > 0) {
                    largest = score;
                    chosen = i;
                }
            }
            return chosen;
        }
    }

    private BigInteger noisy(double score) {
        return grid.index(score).add(draws.discreteLaplace(rate));
    }
}
