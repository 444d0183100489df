package dev.tacita.server.report;

import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a run under secure aggregation may say of itself. */
record SecureSums(SecureAggregation protection, List<RoundSummed> sums) {
    static Optional<SecureSums> of(RunHistory history) {
        return history.plan().protection() instanceof SecureAggregation protection
                ? Optional.of(new SecureSums(
                        protection,
                        history.lines().stream()
                                .flatMap(line -> line.sum().stream())
                                .toList()))
                : Optional.empty();
    }

    /** Adversary, threshold, smallest sum and bound, in sentences that end with a space. */
    String meaning() {
        String who = "The aggregator learnt sums of sites' updates and metrics, and of no single site's; against an"
                + " aggregator that is " + RoundLineJson.word(protection.adversary()) + ", helped by "
                + Figures.plural(protection.corrupted(), "site") + ". ";
        if (sums.isEmpty()) {
            return who + "There was no sum yet. ";
        }
        int smallest = sums.stream().mapToInt(RoundSummed::sites).min().orElseThrow();
        int threshold = sums.stream().mapToInt(RoundSummed::threshold).min().orElseThrow();
        double bound = sums.stream().mapToDouble(RoundSummed::errorBound).max().orElseThrow();
        return who + "Every sum was of at least " + Figures.plural(smallest, "site") + ", and " + threshold
                + " or more had to answer for one. Rounding moved each value of a mean by less than "
                + String.format(Locale.ROOT, "%.2g", bound) + ". ";
    }
}
