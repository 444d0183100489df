package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Adversary;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.secureagg.SiteRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The weakest protection under which a contribution may leave a site. */
public sealed interface ProtectionDemand {
    /** Nothing is asked for: the aggregator may read this site's updates. */
    ProtectionDemand PLAIN = new Plain();

    /** Its kind. */
    Protection least();

    /** Every reason against the plan's protection; empty if there is none. */
    List<String> judge(RunPlan plan);

    /** What is asked of the terms of a round under secure aggregation, whose sums are of at least so many sites. */
    SiteRules rules(int smallestCohort);

    /** Nothing is asked for. */
    record Plain() implements ProtectionDemand {
        @Override
        public Protection least() {
            return Protection.PLAIN;
        }

        @Override
        public List<String> judge(RunPlan plan) {
            return List.of();
        }

        @Override
        public SiteRules rules(int smallestCohort) {
            return new SiteRules(Math.max(2, smallestCohort), Adversary.CURIOUS, 0);
        }
    }

    /**
     * The aggregator may learn sums and nothing else.
     *
     * @param adversary even if it does at least this
     * @param corrupted and so many sites help it, at least 0
     */
    record SecureAggregation(Adversary adversary, int corrupted) implements ProtectionDemand {
        public SecureAggregation {
            requireNonNull(adversary, "adversary is null");
            if (corrupted < 0) {
                throw new IllegalArgumentException("corrupted must be >= 0. Provided value: " + corrupted);
            }
        }

        @Override
        public Protection least() {
            return Protection.SECURE_AGGREGATION;
        }

        @Override
        public List<String> judge(RunPlan plan) {
            if (!(plan.protection() instanceof ProtectionSpec.SecureAggregation offered)) {
                return List.of("least-protection: the policy asks for at least 'secure-aggregation'; the plan's is '"
                        + word(plan.protection().kind()) + "'");
            }
            List<String> reasons = new ArrayList<>();
            if (offered.adversary().compareTo(adversary) < 0) {
                reasons.add("least-protection: the policy asks for an adversary that is at least '" + word(adversary)
                        + "'; the plan's is '" + word(offered.adversary()) + "'");
            }
            if (offered.corrupted() < corrupted) {
                reasons.add("least-protection: the policy asks for at least " + corrupted
                        + " corrupted sites; the plan withstands " + offered.corrupted());
            }
            return reasons;
        }

        @Override
        public SiteRules rules(int smallestCohort) {
            return new SiteRules(Math.max(2, smallestCohort), adversary, corrupted);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
