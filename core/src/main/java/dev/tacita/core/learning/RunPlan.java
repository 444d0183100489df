package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.FixedPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One training job, all of it: what a researcher submits and a hospital reads before it takes part.
 *
 * @param name for people; names the run
 * @param dataset the name under which sites offer the data
 * @param model what is trained
 * @param loss what training minimises
 * @param algorithm what a round asks and what becomes of the sum
 * @param rounds how many, at least 1
 * @param cohortFraction the fraction C of the sites present that a round asks, above 0, at most 1; at least one site
 * @param quorum how many sites must answer, at least 1
 * @param sites how many sites must be present before the first round, at least the quorum
 * @param deadline how long a round waits for its cohort, at least a second
 * @param retries how often a round below its quorum is tried again before the run pauses, at least 0
 * @param protection what hides a contribution, and how
 * @param privacy whose data noise hides
 * @param encoding the numbers in which contributions are added
 * @param seed of every random draw of the run
 */
public record RunPlan(
        String name,
        String dataset,
        ModelSpec model,
        Loss loss,
        FederatedAlgorithm algorithm,
        int rounds,
        double cohortFraction,
        int quorum,
        int sites,
        Duration deadline,
        int retries,
        ProtectionSpec protection,
        PrivacySpec privacy,
        FixedPoint encoding,
        long seed) {
    /** @throws ProblemsException if the algorithm, or its privacy, cannot train the model; with every reason */
    public RunPlan {
        requireNonNull(name, "name is null");
        requireNonNull(dataset, "dataset is null");
        requireNonNull(model, "model is null");
        requireNonNull(loss, "loss is null");
        requireNonNull(algorithm, "algorithm is null");
        requireNonNull(privacy, "privacy is null");
        List<Problem> problems = new ArrayList<>(algorithm.problemsWith(model, loss));
        problems.addAll(privacy.problemsWith(model, loss));
        requireNonNull(protection, "protection is null");
        if (part(algorithm).isPresent() && rounds != ((Hierarchical) algorithm).edgeRounds()) {
            problems.add(Problem.of(
                    "rounds",
                    "a region's part has as many rounds as edge-rounds says, " + ((Hierarchical) algorithm).edgeRounds()
                            + ". Provided value: " + rounds + "."));
        }
        if (quorum >= 1 && sites >= quorum && cohortFraction > 0 && cohortFraction <= 1) {
            problems.addAll(protection.problemsWith(plannedCohort(cohortFraction, sites, quorum), quorum, privacy));
        }
        problems.addAll(beyondAnUpdate(model, algorithm, protection));
        if (!problems.isEmpty()) {
            throw new ProblemsException("the plan", problems);
        }
        Checks.atLeast("rounds", rounds, 1);
        if (!(cohortFraction > 0 && cohortFraction <= 1)) {
            throw new IllegalArgumentException(
                    "cohort-fraction must be > 0 and <= 1. Provided value: " + cohortFraction);
        }
        Checks.atLeast("quorum", quorum, 1);
        Checks.atLeast("sites", sites, quorum);
        if (deadline.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("deadline must be >= 1 s. Provided value: " + deadline);
        }
        Checks.atLeast("retries", retries, 0);
        requireNonNull(encoding, "encoding is null");
    }

    private static List<Problem> beyondAnUpdate(
            ModelSpec model, FederatedAlgorithm algorithm, ProtectionSpec protection) {
        List<Problem> problems = new ArrayList<>();
        try {
            algorithm.isPlain(model);
        } catch (ArithmeticException e) {
            problems.add(Problem.of("model", "it is too large for " + algorithm.name() + ": " + e.getMessage() + "."));
        }
        if (protection instanceof ProtectionSpec.SecureAggregation secure) {
            problems.addAll(algorithm.problemsWith(secure.quantization()));
        }
        return problems;
    }

    /**
     * What keeps such plans from being run live; empty if nothing does. There noise is accounted for where a site sends an update
     * alone; simulations judge each algorithm by what leaves a site.
     */
    public static List<Problem> liveProblems(ModelSpec model, FederatedAlgorithm algorithm, PrivacySpec privacy) {
        if (privacy.level() != PrivacyLevel.NONE && algorithm instanceof Hierarchical) {
            return List.of(new Problem(
                    "privacy",
                    "what rounds of regions reveal is accounted for in simulations only.",
                    "Use 'privacy: none', or train without regions."));
        }
        try {
            if (privacy.level() != PrivacyLevel.NONE && !algorithm.isPlain(model)) {
                return List.of(new Problem(
                        "privacy",
                        "noise is accounted for where a site sends an update alone, trains once from the model received and"
                                + " keeps nothing for the next round; not with "
                                + algorithm.name() + ".",
                        "Use fedavg or one of its kind, or 'privacy: none'."));
            }
        } catch (ArithmeticException e) {
            // A problem of the plan itself.
            return List.of();
        }
        return List.of();
    }

    /** The same with another seed. */
    public RunPlan withSeed(long other) {
        return with(rounds, other);
    }

    /** The same with another number of rounds, at least 1. */
    public RunPlan withRounds(int other) {
        return with(other, seed);
    }

    private RunPlan with(int otherRounds, long otherSeed) {
        return new RunPlan(
                name,
                dataset,
                model,
                loss,
                algorithm,
                otherRounds,
                cohortFraction,
                quorum,
                sites,
                deadline,
                retries,
                protection,
                privacy,
                encoding,
                otherSeed);
    }

    private static Optional<Regions.PartOf> part(FederatedAlgorithm algorithm) {
        return algorithm instanceof Hierarchical regional ? regional.part() : Optional.empty();
    }

    /** The part of another run that this one is, if it is a region's. */
    public Optional<Regions.PartOf> part() {
        return part(algorithm);
    }

    /** How many rounds train: {@code rounds}, but none of a region's part in an evaluation. */
    public int trainingRounds() {
        return part().filter(Regions.PartOf::isEvaluation).isPresent() ? 0 : rounds;
    }

    /** Whether a round, counted from 1, trains; the others measure the model. */
    public boolean trains(int round) {
        return round <= trainingRounds();
    }

    /** The round after which the run is over: the evaluation of the last model, which a region's part in training has not. */
    public int lastRound() {
        return part().isEmpty() ? rounds + 1 : Math.max(1, trainingRounds());
    }

    /** How many rounds of training may be asked of a site in all: a region's part is one of as many as the other run has rounds. */
    public int roundsInAll() {
        return part().map(part -> Math.multiplyExact(rounds, part.rounds())).orElse(rounds);
    }

    /** How many times a contribution counts in the mean; {@code examples} are behind it. */
    public long weight(long examples) {
        return algorithm.countsSitesAlike() ? 1 : privacy.weight(examples);
    }

    /** How many sites a round asks when as many are present as the run waits for. */
    public int plannedCohort() {
        return plannedCohort(cohortFraction, sites, quorum);
    }

    private static int plannedCohort(double cohortFraction, int sites, int quorum) {
        return (int) Math.max(quorum, Math.round(cohortFraction * sites));
    }
}
