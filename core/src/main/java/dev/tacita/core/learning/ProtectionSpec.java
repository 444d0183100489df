package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.number.Quantization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What hides a contribution in a run, and how. */
public sealed interface ProtectionSpec {
    /** Its kind. */
    Protection kind();

    /**
     * What keeps it from protecting such a run; empty if nothing does.
     *
     * @param sites how many a round is planned to ask
     * @param quorum how many must answer
     */
    List<Problem> problemsWith(int sites, int quorum, PrivacySpec privacy);

    /** Nothing hides it. */
    record Plain() implements ProtectionSpec {
        @Override
        public Protection kind() {
            return Protection.PLAIN;
        }

        @Override
        public List<Problem> problemsWith(int sites, int quorum, PrivacySpec privacy) {
            return List.of();
        }
    }

    /**
     * The aggregator learns the sum of at least the quorum's contributions. How many shares give a secret back follows from
     * the number of sites, the adversary and the number that may be corrupted, and is not chosen.
     *
     * @param adversary what the aggregator may do
     * @param corrupted how many sites may help it, at least 0
     * @param dropOuts of a planned cohort so many may drop out at any stage, and there is a sum all the same; at least 0
     * @param stageDeadline how long each stage waits for its sites, but for that of the contributions, which has the round's
     *     deadline; at least a second
     * @param quantization the numbers in which contributions are added
     * @param modulusBits they are added modulo 2 to this, 32 or 64
     */
    record SecureAggregation(
            Adversary adversary,
            int corrupted,
            int dropOuts,
            Duration stageDeadline,
            Quantization quantization,
            int modulusBits)
            implements ProtectionSpec {
        /** A cohort's keys and shares must fit in a message, and each site has a message for each other. */
        private static final int MOST_SITES = 100;

        public SecureAggregation {
            requireNonNull(adversary, "adversary is null");
            Checks.atLeast("corrupted", corrupted, 0);
            Checks.atLeast("drop-outs", dropOuts, 0);
            requireNonNull(quantization, "quantization is null");
            if (stageDeadline.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("stage-deadline must be >= 1 s. Provided value: " + stageDeadline);
            }
            if (modulusBits != 32 && modulusBits != 64) {
                throw new IllegalArgumentException("modulus-bits must be 32 or 64. Provided value: " + modulusBits);
            }
        }

        @Override
        public Protection kind() {
            return Protection.SECURE_AGGREGATION;
        }

        /** How many sites a round can ask: no sum of theirs can wrap, and their keys fit in a message. */
        public int mostSites() {
            int spare = modulusBits - quantization.bits();
            return spare < 0 ? 0 : (int) Math.min(MOST_SITES, 1L << Math.min(spare, 30));
        }

        /** How many shares of a site's secret give it back, when so many sites share; the fewest that is safe. */
        public int threshold(int sites) {
            return adversary.leastThreshold(sites, corrupted);
        }

        @Override
        public List<Problem> problemsWith(int sites, int quorum, PrivacySpec privacy) {
            List<Problem> problems = new ArrayList<>();
            if (quorum < corrupted + 2) {
                problems.add(new Problem(
                        "quorum",
                        "must be >= corrupted + 2 under secure aggregation: corrupted sites can take their own part out of a"
                                + " sum. Provided values: " + quorum + ", " + corrupted + ".",
                        "Ask for a larger quorum."));
            }
            if (sites > MOST_SITES) {
                problems.add(new Problem(
                        "sites",
                        "a round asks at most " + MOST_SITES + " sites under secure aggregation. Provided value: "
                                + sites,
                        "Use a smaller cohort-fraction."));
            } else if (sites > mostSites()) {
                problems.add(new Problem(
                        "protection.bits",
                        "a sum could wrap: sites x 2^bits must be <= 2^modulus-bits. Provided values: " + sites
                                + " x 2^" + quantization.bits() + ", 2^" + modulusBits + ".",
                        "Use fewer bits or the larger modulus."));
            }
            int needed = Math.max(quorum, threshold(sites));
            if (sites - dropOuts < needed) {
                problems.add(new Problem(
                        "protection.drop-outs",
                        "a round of " + sites + " sites needs " + needed + " of them to the end (quorum " + quorum
                                + ", threshold " + threshold(sites) + "), so at most "
                                + Math.max(0, sites - needed) + " may drop out. Provided value: " + dropOuts + ".",
                        "Wait for more sites, or tolerate fewer."));
            }
            if (privacy instanceof PrivacySpec.Federation federation
                    && federation.target().accounting() != PrivacyTarget.Accounting.RDP) {
                problems.add(new Problem(
                        "privacy.federation.accountant",
                        "must be 'rdp' under secure aggregation: the sites add shares of discrete noise, for which 'pld' has no"
                                + " loss distribution.",
                        "Count by 'rdp'."));
            }
            if (quantization.maxWeight() > quantization.largest()) {
                problems.add(new Problem(
                        "protection.largest-weight",
                        "must be <= 2^(bits - 1) - 1, as the weights are summed too. Provided values: "
                                + quantization.maxWeight() + ", " + quantization.bits() + " bits.",
                        "Use more bits."));
            }
            return problems;
        }
    }
}
