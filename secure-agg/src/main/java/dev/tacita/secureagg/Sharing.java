package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Adversary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * With whom a site shares masks and secrets, and how many shares give a secret back. One protocol, two graphs: SecAgg
 * (Bonawitz et al. 2017) among all sites, and SecAgg+ (Bell et al. 2020) among the neighbours of a ring.
 */
public sealed interface Sharing {
    /** How many sites the round may have. */
    int sites();

    /** How many neighbours a site has. */
    int degree();

    /** How many shares give a secret back. */
    int threshold();

    /** How many sites may collude with the aggregator. */
    int corrupted();

    /** What the aggregator is assumed to do. */
    Adversary adversary();

    /** The graph over so many sites; the seed decides who are neighbours. */
    SharingGraph graph(Octets seed);

    /**
     * Everyone shares with everyone, itself included.
     *
     * <p>Guarantee: up to {@code corrupted} sites, at most threshold - 1, that collude with a {@link Adversary#CURIOUS}
     * aggregator learn nothing but the sum. Against aggregators that deviate the threshold must be above (sites +
     * corrupted) / 2, so that no secret of a site is given back together with its mask.
     *
     * @param sites 2 to 1,000,000
     * @param corrupted 0 to sites - 2
     * @param adversary any
     * @param threshold 2 to {@code sites}; sites - threshold may drop out
     */
    record Complete(int sites, int corrupted, Adversary adversary, int threshold) implements Sharing {
        /** @throws ProblemsException if a value is out of its range, or the setting cannot be safe */
        public Complete {
            requireNonNull(adversary, "adversary is null");
            List<Problem> problems = new ArrayList<>();
            if (sites < 2 || sites > 1_000_000) {
                problems.add(Problem.of("sites", "must be 2 to 1000000. Provided value: " + sites));
            }
            if (corrupted < 0 || corrupted > sites - 2) {
                problems.add(Problem.of(
                        "corrupted",
                        "must be >= 0 and <= sites - 2, as the sum of one honest site is its input. Provided value: "
                                + corrupted + " of " + sites));
            }
            int least = adversary.leastThreshold(sites, corrupted);
            if (threshold < least || threshold > sites) {
                problems.add(Problem.of(
                        "threshold",
                        "must be >= " + least + " and <= " + sites + " for " + sites + " sites, " + corrupted
                                + " of them corrupted, and a " + word(adversary) + " aggregator. Provided value: "
                                + threshold));
            }
            if (!problems.isEmpty()) {
                throw new ProblemsException("the complete graph", problems);
            }
        }

        /**
         * With the smallest threshold that is safe, which lets the most sites drop out.
         *
         * @throws ProblemsException as the constructor
         */
        public static Complete of(int sites, int corrupted, Adversary adversary) {
            return new Complete(sites, corrupted, adversary, adversary.leastThreshold(sites, corrupted));
        }

        @Override
        public int degree() {
            return sites - 1;
        }

        @Override
        public SharingGraph graph(Octets seed) {
            return SharingGraph.complete(sites);
        }

        private static String word(Adversary adversary) {
            return adversary.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Sites stand in a circle, in an order that all of their keys decide, and share with the nearest.
     *
     * <p>Guarantee: as the assumptions say, where those corrupted and those that drop out do not depend on the order.
     */
    final class Ring implements Sharing {
        private final RingAssumptions assumptions;
        private final int degree;
        private final int threshold;

        Ring(RingAssumptions assumptions, int degree, int threshold) {
            this.assumptions = assumptions;
            this.degree = degree;
            this.threshold = threshold;
        }

        /**
         * The ring with the fewest neighbours that the assumptions allow.
         *
         * @throws ProblemsException if there is none
         */
        public static Ring of(RingAssumptions assumptions) {
            return assumptions.smallestRing();
        }

        /** What it withstands; the degree and the threshold follow from it. */
        public RingAssumptions assumptions() {
            return assumptions;
        }

        @Override
        public int sites() {
            return assumptions.sites();
        }

        @Override
        public int degree() {
            return degree;
        }

        @Override
        public int threshold() {
            return threshold;
        }

        @Override
        public int corrupted() {
            return assumptions.corrupted();
        }

        @Override
        public Adversary adversary() {
            return assumptions.adversary();
        }

        @Override
        public SharingGraph graph(Octets seed) {
            return SharingGraph.ring(sites(), degree, seed);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Ring ring && ring.assumptions.equals(assumptions);
        }

        @Override
        public int hashCode() {
            return assumptions.hashCode();
        }

        @Override
        public String toString() {
            return "ring of " + degree + " neighbours, threshold " + threshold + ", " + assumptions;
        }
    }
}
