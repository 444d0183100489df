package dev.tacita.dp.mechanism;

/** What the mechanisms that choose among candidates by a score have in common. */
final class Choices {
    private Choices() {}

    static void check(double[] scores) {
        Checks.atLeast("the number of scores", scores.length, 1);
        Checks.allFinite("scores", scores);
    }

    static double best(double[] scores) {
        double best = scores[0];
        for (double score : scores) {
            best = Math.max(best, score);
        }
        return best;
    }

    /** How much lower than the best a score is, exactly, times epsilon / (2 sensitivity). */
    static Rational shortfall(double best, double score, Rational halfRate) {
        return Rational.of(best).minus(Rational.of(score)).times(halfRate);
    }

    /** Exactly epsilon / (2 sensitivity). */
    static Rational halfRate(double epsilon, double sensitivity) {
        Checks.positive("epsilon", epsilon);
        Checks.positive("sensitivity", sensitivity);
        return Rational.of(epsilon).over(Rational.of(sensitivity).times(Rational.of(2)));
    }
}
