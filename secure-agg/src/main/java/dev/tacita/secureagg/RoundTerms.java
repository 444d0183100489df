package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that the sites and the aggregator of one attempt at one round must agree on. Every key is derived from its hash,
 * so that masks cancel only between sites with the same terms: the same model among them (Pasquini et al. 2022).
 *
 * @param run which run
 * @param round counted from 1
 * @param attempt counted from 1; each has fresh keys
 * @param model SHA-256 of the global model that the sites trained from, 32 bytes
 * @param sites the cohort, in ascending order, as many as {@code sharing} is for
 * @param sharing who shares with whom, and how many shares give a secret back
 * @param minimumSites of so few contributions, or fewer, no sum is made; at least {@code sharing.corrupted() + 2}
 * @param vectors what is summed, each under its own name, at least one
 * @param aggregatorKey what shares for the aggregator are sealed to, 32 bytes
 */
public record RoundTerms(
        RunId run,
        int round,
        int attempt,
        Octets model,
        List<SiteId> sites,
        Sharing sharing,
        int minimumSites,
        List<VectorSpec> vectors,
        Octets aggregatorKey) {
    private static final int HASH_BYTES = 32;
    private static final int MOST_VECTORS = 1000;

    /** @throws ProblemsException if they cannot be safe, or a sum could wrap; with every reason */
    public RoundTerms {
        requireNonNull(run, "run is null");
        requireNonNull(sharing, "sharing is null");
        sites = List.copyOf(sites);
        vectors = List.copyOf(vectors);
        model.requireLength("the hash of the model", HASH_BYTES);
        List<Problem> problems = new ArrayList<>();
        atLeast(problems, "round", round, 1);
        atLeast(problems, "attempt", attempt, 1);
        if (!isAscending(sites)) {
            problems.add(Problem.of("sites", "must be in ascending order, each once"));
        }
        if (sites.size() != sharing.sites()) {
            problems.add(Problem.of(
                    "sites",
                    "must be as many as the sharing is for, " + sharing.sites() + ". Provided: " + sites.size()));
        }
        atLeast(problems, "minimum-sites", minimumSites, sharing.corrupted() + 2);
        if (minimumSites > sites.size()) {
            problems.add(Problem.of(
                    "minimum-sites",
                    "must be <= the number of sites, " + sites.size() + ". Provided value: " + minimumSites));
        }
        if (!Curve.isAgreementKey(aggregatorKey)) {
            problems.add(Problem.of("aggregator-key", "must be the 32 bytes of an X25519 public key"));
        }
        checkVectors(problems, vectors, sites.size());
        if (!problems.isEmpty()) {
            throw new ProblemsException("the terms of the round", problems);
        }
    }

    /** SHA-256 over all of it. */
    public Octets hash() {
        Transcript transcript = Transcript.of("terms")
                .add(run.value())
                .add(round)
                .add(attempt)
                .add(model)
                .add(sites.size());
        sites.forEach(site -> transcript.add(site.value()));
        addSharing(transcript);
        transcript.add(minimumSites).add(vectors.size());
        for (VectorSpec vector : vectors) {
            transcript
                    .add(vector.name())
                    .add(vector.length())
                    .add(vector.modulus().value())
                    .add(vector.bits());
        }
        return transcript.add(aggregatorKey).hash();
    }

    /** How many sites there must be for a sum. */
    int leastSurvivors() {
        return sharing instanceof Sharing.Complete ? Math.max(minimumSites, sharing.threshold()) : minimumSites;
    }

    private void addSharing(Transcript transcript) {
        transcript
                .add(sharing.adversary().name())
                .add(sharing.corrupted())
                .add(sharing.degree())
                .add(sharing.threshold());
        if (sharing instanceof Sharing.Ring ring) {
            RingAssumptions assumptions = ring.assumptions();
            transcript
                    .add("ring")
                    .add(Double.doubleToLongBits(assumptions.corruptedFraction()))
                    .add(Double.doubleToLongBits(assumptions.dropoutFraction()))
                    .add(assumptions.securityBits())
                    .add(assumptions.correctnessBits());
        }
    }

    private static void checkVectors(List<Problem> problems, List<VectorSpec> vectors, int sites) {
        if (vectors.isEmpty() || vectors.size() > MOST_VECTORS) {
            problems.add(Problem.of("vectors", "must be 1 to " + MOST_VECTORS + ". Provided: " + vectors.size()));
        }
        Set<String> names = new HashSet<>();
        for (VectorSpec vector : vectors) {
            if (!names.add(vector.name())) {
                problems.add(Problem.of("vectors", "must have different names. Twice there: '" + vector.name() + "'"));
            }
            BigInteger range = BigInteger.ONE.shiftLeft(vector.bits()).multiply(BigInteger.valueOf(sites));
            if (range.compareTo(vector.modulus().toBigInteger()) > 0) {
                problems.add(new Problem(
                        "vectors." + vector.name(),
                        "a sum could wrap: sites x 2^bits must be <= the modulus. Provided values: " + sites + " x 2^"
                                + vector.bits() + ", " + vector.modulus(),
                        "Use fewer bits or a larger modulus."));
            }
        }
    }

    private static boolean isAscending(List<SiteId> sites) {
        for (int i = 1; i < sites.size(); i++) {
            if (sites.get(i - 1).compareTo(sites.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void atLeast(List<Problem> problems, String place, int value, int least) {
        if (value < least) {
            problems.add(Problem.of(place, "must be >= " + least + ". Provided value: " + value));
        }
    }
}
