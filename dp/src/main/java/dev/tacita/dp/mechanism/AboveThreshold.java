package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;
import java.math.BigInteger;

/**
 * Guarantee: all answers of one object together are epsilon-differentially private (delta is 0), exactly, however many
 * questions are asked and however they are chosen, whichever neighbouring relation the sensitivity was found for:
 * {@code sensitivity} is the most by which the value of any one question differs between two neighbouring data sets.
 * After {@code positives} answers "above" the budget is spent and every further question is refused.
 *
 * <p>Algorithm 1 of Lyu, Su and Li 2017 ("Understanding the Sparse Vector Technique for Differential Privacy"), the one
 * whose noise of the threshold stays and whose noise of the questions grows with {@code positives}: scale sensitivity /
 * epsilon1 for the threshold and 2 positives sensitivity / epsilon2 for every question, epsilon1 : epsilon2 = 1 : (2
 * positives)^(2/3) (sec. 4.2). The noisy values never leave. Values are put on a grid of a power of two, which the
 * noise makes up for; noise is discrete Laplace, drawn without floating point from AES-128-CTR, keyed by
 * {@link java.security.SecureRandom}. How long a call takes is not protected.
 */
public final class AboveThreshold {
    private final double epsilon;
    private final Grid grid;
    private final Rational questionRate;
    private final BigInteger threshold;
    private final ExactDraws draws;
    private int positivesLeft;

    private AboveThreshold(double epsilon, double sensitivity, double threshold, int positives, RandomBits bits) {
        Checks.positive("epsilon", epsilon);
        Checks.positive("sensitivity", sensitivity);
        Checks.finite("threshold", threshold);
        Checks.atLeast("positives", positives, 1);
        this.epsilon = epsilon;
        this.grid = Grid.forScale(Math.min(sensitivity, sensitivity / epsilon));
        this.draws = new ExactDraws(bits);
        this.positivesLeft = positives;
        Rational steps = new Rational(grid.indicesOf(sensitivity), BigInteger.ONE);
        double forThreshold = epsilon / (1 + Math.cbrt(4.0 * positives * positives));
        Rational first = Rational.of(forThreshold);
        Rational second = Rational.of(epsilon).minus(first);
        this.questionRate = second.over(steps.times(Rational.of(2L * positives)));
        this.threshold = grid.index(threshold).add(draws.discreteLaplace(first.over(steps)));
    }

    /**
     * Questions whose answers cost epsilon together.
     *
     * @param epsilon of all answers, > 0
     * @param sensitivity of every question's value, > 0
     * @param threshold public
     * @param positives how often the answer may be "above", >= 1
     */
    public static AboveThreshold of(double epsilon, double sensitivity, double threshold, int positives) {
        return new AboveThreshold(epsilon, sensitivity, threshold, positives, RandomBits.secure());
    }

    static AboveThreshold of(double epsilon, double sensitivity, double threshold, int positives, RandomBits bits) {
        return new AboveThreshold(epsilon, sensitivity, threshold, positives, bits);
    }

    /** What all answers together reveal, for an accountant. */
    public Event event() {
        return new Event.EpsilonDelta(epsilon, 0);
    }

    /** How many more answers can be "above". */
    public int positivesLeft() {
        synchronized (draws) {
            return positivesLeft;
        }
    }

    /**
     * Whether the noisy value reaches the noisy threshold.
     *
     * @throws IllegalArgumentException if the value is not finite
     * @throws IllegalStateException if and only if the budget is spent
     */
    public boolean isAbove(double value) {
        Checks.finite("value", value);
        synchronized (draws) {
            if (positivesLeft == 0) {
                throw new IllegalStateException(
                        "positives must not be spent. Left: 0; a new AboveThreshold costs its" + " epsilon again");
            }
            boolean above =
                    grid.index(value).add(draws.discreteLaplace(questionRate)).compareTo(threshold) >= 0;
            if (above) {
                positivesLeft--;
            }
            return above;
        }
    }
}
