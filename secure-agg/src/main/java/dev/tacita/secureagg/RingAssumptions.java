package dev.tacita.secureagg;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Adversary;
import java.util.ArrayList;
import java.util.List;

/**
 * What a ring of neighbours must withstand, and how surely. From it follow how many neighbours a site needs and how many
 * shares give a secret back (Bell et al. 2020, sec. 3).
 *
 * @param sites 3 to 1,000,000
 * @param corruptedFraction of the sites, at most so many collude with the aggregator; >= 0, < 1
 * @param dropoutFraction of the sites, at most so many are gone before the end; >= 0, < 1
 * @param adversary not {@link Adversary#ACTIVE}: who can invent keys or hold them back can choose a site's neighbours
 * @param securityBits the secrets are safe but with probability 2^-securityBits; 20 to 128
 * @param correctnessBits the sum comes out but with probability 2^-correctnessBits; 10 to 64
 */
public record RingAssumptions(
        int sites,
        double corruptedFraction,
        double dropoutFraction,
        Adversary adversary,
        int securityBits,
        int correctnessBits) {
    private static final double ROUNDING = 1e-14;
    private static final double MOST_BAD = 0.9;
    private static final int MOST_SITES = 1_000_000;

    /** @throws ProblemsException if a value is out of its range, or no ring can be safe */
    public RingAssumptions {
        List<Problem> problems = new ArrayList<>();
        check(problems, "sites", sites >= 3 && sites <= MOST_SITES, "must be 3 to 1000000", sites);
        check(problems, "corrupted-fraction", isFraction(corruptedFraction), "must be >= 0 and < 1", corruptedFraction);
        check(problems, "dropout-fraction", isFraction(dropoutFraction), "must be >= 0 and < 1", dropoutFraction);
        check(problems, "security-bits", securityBits >= 20 && securityBits <= 128, "must be 20 to 128", securityBits);
        check(
                problems,
                "correctness-bits",
                correctnessBits >= 10 && correctnessBits <= 64,
                "must be 10 to 64",
                correctnessBits);
        if (adversary == Adversary.ACTIVE) {
            problems.add(new Problem(
                    "adversary",
                    "an active aggregator chooses the neighbours of a ring by the keys that it hands on",
                    "Use the complete graph, or assume a semi-malicious aggregator."));
        }
        double bad = corruptedFraction + (adversary == Adversary.CURIOUS ? 1 : 2) * dropoutFraction;
        if (bad > MOST_BAD) {
            problems.add(Problem.of(
                    "dropout-fraction",
                    (adversary == Adversary.CURIOUS ? "corrupted + dropouts" : "corrupted + 2 x dropouts")
                            + " must be <= 0.9. Provided values: " + corruptedFraction + ", " + dropoutFraction));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("the ring of neighbours", problems);
        }
    }

    /**
     * The ring with the fewest neighbours.
     *
     * @throws ProblemsException if no ring of so few sites can be safe
     */
    Sharing.Ring smallestRing() {
        for (int degree = 2; degree < sites - 1; degree += 2) {
            if (staysConnected(degree)) {
                int above = mostCorrupted(degree);
                int most = fewestSurviving(degree);
                if (above < most) {
                    return new Sharing.Ring(this, degree, Math.max(above + 1, 2));
                }
            }
        }
        throw new ProblemsException(
                "the ring of neighbours",
                List.of(new Problem(
                        "sites",
                        "no ring of " + sites + " sites is safe with so many corrupted and dropped",
                        "Use the complete graph.")));
    }

    /** How many corrupted sites that is. */
    int corrupted() {
        return (int) Math.floor((corruptedFraction + ROUNDING) * sites);
    }

    private int dropouts() {
        return (int) Math.floor((dropoutFraction + ROUNDING) * sites);
    }

    private double probabilityOfEachBreach() {
        return Math.pow(2, -(securityBits + 1));
    }

    /** A ring falls apart only where degree / 2 sites in a row are gone at two places: union bound over the pairs of places. */
    private boolean staysConnected(int degree) {
        int bad = corrupted() + dropouts();
        if (degree > bad) {
            return true;
        }
        double logPairs = Math.log(sites) + Math.log(sites - degree - 1) - Math.log(2);
        double logGone = Hypergeometric.logFactorial(bad)
                + Hypergeometric.logFactorial(sites - degree)
                - Hypergeometric.logFactorial(sites)
                - Hypergeometric.logFactorial(bad - degree);
        return logPairs + logGone < Math.log(probabilityOfEachBreach());
    }

    /** The threshold must be above this: for some site more corrupted neighbours, or two votes of theirs, are that unlikely. */
    private int mostCorrupted(int degree) {
        int honest =
                new Hypergeometric(sites, sites - corrupted(), degree).largestBelow(probabilityOfEachBreach() / sites);
        int corrupted = degree - honest - 1;
        return adversary == Adversary.CURIOUS ? corrupted : (int) Math.ceil((corrupted + degree - 1.25) / 2);
    }

    /** The threshold must be at most this: for some site fewer surviving neighbours are that unlikely. */
    private int fewestSurviving(int degree) {
        int surviving = (int) Math.ceil((1 - dropoutFraction - ROUNDING) * sites);
        return new Hypergeometric(sites, surviving, degree).largestBelow(Math.pow(2, -correctnessBits) / sites) + 1;
    }

    private static boolean isFraction(double value) {
        return value >= 0 && value < 1;
    }

    private static void check(List<Problem> problems, String place, boolean holds, String rule, Object value) {
        if (!holds) {
            problems.add(Problem.of(place, rule + ". Provided value: " + value));
        }
    }
}
