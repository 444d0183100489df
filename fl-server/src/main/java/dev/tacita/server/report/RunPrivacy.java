package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.accounting.RdpConversion;
import java.util.Locale;
import java.util.Optional;

/**
 * What the epsilons of a run are stated for: without it they mean nothing.
 *
 * @param level whom the noise protects, and from whom
 * @param delta between 0 and 1
 * @param accountant by name
 * @param conversion how the accountant came to epsilon
 * @param relation the neighbours that are held apart
 */
public record RunPrivacy(PrivacyLevel level, double delta, String accountant, String conversion, String relation) {
    public RunPrivacy {
        requireNonNull(level, "level is null");
        requireNonNull(accountant, "accountant is null");
        requireNonNull(conversion, "conversion is null");
        requireNonNull(relation, "relation is null");
    }

    /** Of a plan; empty if it adds no noise. */
    public static Optional<RunPrivacy> of(RunPlan plan) {
        if (plan.privacy() instanceof PrivacySpec.Examples examples) {
            return Optional.of(of(plan, examples.target(), "add or remove one training row of a site"));
        } else if (plan.privacy() instanceof PrivacySpec.Site site) {
            return Optional.of(of(plan, site.target(), "replace all training rows of a site"));
        } else if (plan.privacy() instanceof PrivacySpec.Federation federation) {
            return Optional.of(of(plan, federation.target(), "replace all training rows of a site"));
        }
        return Optional.empty();
    }

    private static RunPrivacy of(RunPlan plan, PrivacyTarget target, String relation) {
        return switch (target.accounting()) {
            case RDP ->
                new RunPrivacy(plan.privacy().level(), target.delta(), "RDP", RdpConversion.TIGHT.toString(), relation);
            case PLD -> new RunPrivacy(plan.privacy().level(), target.delta(), "PLD", "connect the dots", relation);
        };
    }

    /** All of it but the level, for people. */
    String text() {
        return String.format(
                Locale.ROOT, "at delta %s (%s, %s; neighbours: %s)", delta, accountant, conversion, relation);
    }

    /**
     * Against what the noise protects, in one sentence.
     *
     * @param inShares whether the sites add shares of it to numbers of which the aggregator learns the sum
     */
    String meaning(boolean inShares) {
        return switch (level) {
            case NONE -> throw new IllegalStateException("a run without noise has no such figures");
            case EXAMPLES ->
                "Noise at each site bounds what its updates say about any single training row, to the aggregator too. How many"
                        + " rows a site has, and metrics on validation and test rows where they are shared, are outside of"
                        + " that bound.";
            case SITE ->
                "Noise at each site bounds what its updates say about all its training rows together, to the aggregator too."
                        + " Metrics on validation and test rows, where they are shared, are outside of that bound.";
            case FEDERATION ->
                inShares
                        ? "Noise in shares of the sites bounds what the sums of their updates, and so the models, say about all"
                                + " training rows of a site, to the aggregator too. Metrics on validation and test rows, where they are"
                                + " shared, are outside of that bound."
                        : "Noise of the aggregator bounds what the models say about all training rows of a site. The aggregator itself,"
                                + " and whoever can read the broker's topics, could read each site's update.";
        };
    }
}
