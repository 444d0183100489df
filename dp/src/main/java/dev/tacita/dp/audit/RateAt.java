package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

/**
 * What an attack finds where it may accuse few others wrongly.
 *
 * @param allowed the false-positive rate that was asked for
 * @param falsePositives the one that was reached: at most that among the scores, within its interval among all others
 * @param truePositives the true-positive rate there
 */
public record RateAt(double allowed, Interval falsePositives, Interval truePositives) {
    public RateAt {
        requireNonNull(falsePositives, "falsePositives is null");
        requireNonNull(truePositives, "truePositives is null");
    }
}
