package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;

/**
 * Guarantee: each randomised answer is epsilon-locally differentially private (delta is 0), exactly: any two true
 * answers are neighbours (replace one), so nobody, the collector included, can tell them apart better than by
 * exp(epsilon).
 *
 * <p>Of {@code choices} possible answers the true one is given with probability e^epsilon / (e^epsilon + choices - 1),
 * any other one with 1 / (e^epsilon + choices - 1) (Warner 1965 for two choices; Kairouz, Bonawitz and Ramage 2016 for
 * more). Drawn without floating point, from AES-128-CTR, keyed by {@link java.security.SecureRandom}.
 */
public final class RandomizedResponse {
    private final double epsilon;
    private final int choices;
    private final Rational exponent;
    private final ExactDraws draws;

    private RandomizedResponse(double epsilon, int choices, RandomBits bits) {
        Checks.positive("epsilon", epsilon);
        Checks.atLeast("choices", choices, 2);
        this.epsilon = epsilon;
        this.choices = choices;
        this.exponent = Rational.of(epsilon);
        this.draws = new ExactDraws(bits);
    }

    /** Answers among {@code choices} >= 2 of which each costs epsilon > 0. */
    public static RandomizedResponse of(double epsilon, int choices) {
        return new RandomizedResponse(epsilon, choices, RandomBits.secure());
    }

    /** Answers yes or no, of which each costs epsilon > 0. */
    public static RandomizedResponse binary(double epsilon) {
        return of(epsilon, 2);
    }

    static RandomizedResponse of(double epsilon, int choices, RandomBits bits) {
        return new RandomizedResponse(epsilon, choices, bits);
    }

    /**
     * A share of the true answers, estimated from randomised ones without bias.
     *
     * @param share the estimate; by chance it can be below 0 or above 1
     * @param variance of the estimate for given true answers, estimated by putting the share in its formula
     */
    public record Estimate(double share, double variance) {}

    /** What one answer reveals, for an accountant. */
    public Event event() {
        return Event.RandomizedResponse.of(epsilon, choices);
    }

    /** The randomised answer, 0 to choices - 1, to a true answer in the same range. */
    public int answer(int truth) {
        checkAnswer(truth);
        synchronized (draws) {
            while (true) {
                int drawn = draws.bits().below(choices);
                if (drawn == truth || draws.bernoulliExp(exponent)) {
                    return drawn;
                }
            }
        }
    }

    /** The randomised answer to a true one; for two choices. */
    public boolean answer(boolean truth) {
        if (choices != 2) {
            throw new IllegalStateException("choices must be 2 for yes or no. Provided value: " + choices);
        }
        return answer(truth ? 1 : 0) == 1;
    }

    /** The probability that an answer is the true one. */
    public double probabilityOfTruth() {
        return 1 / (1 + (choices - 1) * Math.exp(-epsilon));
    }

    /** The share of people whose true answer is {@code choice}, from how many gave each randomised answer. */
    public Estimate estimate(long[] counts, int choice) {
        Checks.length("counts", counts.length, choices);
        checkAnswer(choice);
        double total = 0;
        for (long count : counts) {
            Checks.atLeast("each of counts", count, 0);
            total += count;
        }
        if (total == 0) {
            throw new IllegalArgumentException("counts must have a sum >= 1. Provided value: 0");
        }
        double truth = probabilityOfTruth();
        double other = Math.exp(-epsilon) * truth;
        double difference = -Math.expm1(-epsilon) * truth;
        double share = (counts[choice] / total - other) / difference;
        double possible = Math.max(0, Math.min(1, share));
        double spread = possible * truth * (1 - truth) + (1 - possible) * other * (1 - other);
        return new Estimate(share, spread / (total * difference * difference));
    }

    private void checkAnswer(int answer) {
        if (answer < 0 || answer >= choices) {
            throw new IllegalArgumentException("an answer must be 0 to " + (choices - 1) + " (its value is private)");
        }
    }
}
