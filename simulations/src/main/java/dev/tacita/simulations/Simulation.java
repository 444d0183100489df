package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.engine.EngineTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One simulated run: a plan as a live run has it, and who takes part.
 *
 * @param plan its deadline and retries play no part
 * @param population who takes part
 * @param selection which sites a round asks
 * @param rule what becomes of a round's updates; under {@link Mean} they are added as live, exactly, in fixed point
 * @param measureEvery after how many rounds the model is measured on the test rows; the last round always is; at least 1
 * @param noiseCohortSize how many sites a round is to have asked as far as noise for privacy goes, so that a small cohort shows
 *     what a large one would learn (Granqvist et al. 2024, pfl-research); at least as many as it asks; empty for those that it
 *     asks
 */
public record Simulation(
        RunPlan plan,
        Population population,
        Selection selection,
        Aggregation rule,
        int measureEvery,
        OptionalInt noiseCohortSize) {
    /** @throws ProblemsException with every reason why it cannot be run */
    public Simulation {
        requireNonNull(plan, "plan is null");
        requireNonNull(population, "population is null");
        requireNonNull(selection, "selection is null");
        requireNonNull(rule, "rule is null");
        if (measureEvery < 1) {
            throw new IllegalArgumentException("measure-every must be >= 1. Provided value: " + measureEvery);
        }
        requireNonNull(noiseCohortSize, "noiseCohortSize is null");
        List<Problem> problems = problems(plan, population, selection, rule);
        problems.addAll(privacy(plan, population, selection, noiseCohortSize).problemsWith(population, rule));
        problems.addAll(SimulatedProtection.of(plan).problemsWith(population, selection, rule));
        if (!problems.isEmpty()) {
            throw new ProblemsException("the simulation", problems);
        }
    }

    /** With the noise of the sites that it asks. */
    public Simulation(RunPlan plan, Population population, Selection selection, Aggregation rule, int measureEvery) {
        this(plan, population, selection, rule, measureEvery, OptionalInt.empty());
    }

    /** As a live run: a random cohort, the mean by weight, measured after every round. */
    public Simulation(RunPlan plan, Population population) {
        this(plan, population, PlainSelection.UNIFORM, new Mean(), 1);
    }

    /** How many sites a round asks, each as often as it does. */
    public int cohortSize() {
        return RoundShape.of(plan.algorithm(), population).asked(plan, selection);
    }

    /** What all its rounds will reveal; empty without privacy. */
    public Optional<RunPrivacy> runPrivacy() {
        return privacy().ofRun(population);
    }

    /** What a site moves in a round in which it is asked once and all answer, at most. */
    public SiteBytes siteBytes() {
        return protection()
                .bytes(population, RoundShape.of(plan.algorithm(), population).largestCohort(plan, selection));
    }

    /** What its plan's protection makes of contributions. */
    SimulatedProtection protection() {
        return SimulatedProtection.of(plan);
    }

    /** What its plan's privacy makes of it. */
    SimulatedPrivacy privacy() {
        return privacy(plan, population, selection, noiseCohortSize);
    }

    private static SimulatedPrivacy privacy(
            RunPlan plan, Population population, Selection selection, OptionalInt noiseCohortSize) {
        int cohort = RoundShape.of(plan.algorithm(), population).smallestCohort(plan, selection);
        return new SimulatedPrivacy(plan, cohort, noiseCohortSize);
    }

    private static List<Problem> problems(RunPlan plan, Population population, Selection selection, Aggregation rule) {
        List<Problem> problems = new ArrayList<>(EngineTrainer.problems(plan.model(), plan.loss()));
        problems.addAll(rowProblems(plan, population));
        for (Attack attack : population.attacks()) {
            problems.addAll(attack.problemsWith(plan.model(), plan.loss()));
        }
        for (Skew skew : population.skews()) {
            problems.addAll(skew.problemsWith(plan.model(), plan.loss()));
        }
        RoundShape shape = RoundShape.of(plan.algorithm(), population);
        problems.addAll(shape.problemsWith(plan, population, selection));
        int cohort = shape.smallestCohort(plan, selection);
        if (plan.quorum() > cohort) {
            problems.add(Problem.of(
                    "quorum",
                    "must be at most the number of sites that a round asks, " + cohort + ". Provided value: "
                            + plan.quorum() + "."));
        }
        if (selection.asksLosses() && !(plan.privacy() instanceof PrivacySpec.None)) {
            problems.add(new Problem(
                    "selection",
                    "it asks sites how large their losses are, which the noise of the run's privacy does not hide.",
                    "Use uniform, cyclic or by-size with privacy."));
        }
        if (selection.asksLosses() && !plan.algorithm().trainsLayers()) {
            problems.add(new Problem(
                    "selection",
                    "it asks sites how large the losses of a model of layers are, and "
                            + plan.algorithm().name() + " trains none.",
                    "Use uniform, cyclic or by-size."));
        }
        if (plan.algorithm().isPersonal() && !population.testsAreOfSites()) {
            problems.add(new Problem(
                    "algorithm",
                    plan.algorithm().name()
                            + " measures each site by a model of its own, and the test rows are no site's.",
                    "Give the population a 'hold-out', or each site its own data."));
        }
        if (rule instanceof Mean) {
            return problems;
        }
        if (!plan.algorithm().sendsUpdateAlone(plan.model())) {
            problems.add(Problem.of(
                    "aggregation",
                    rule.name() + " takes updates alone, and "
                            + plan.algorithm().name()
                            + (plan.algorithm().trainsLayers() ? " adds more to them." : " sends sums.")
                            + " Use mean."));
        }
        if (cohort < rule.provenFrom()) {
            problems.add(Problem.of(
                    "aggregation",
                    rule.name() + " needs at least " + rule.provenFrom()
                            + " updates to stand the hostile sites that it is told of, and a round asks so many sites: "
                            + cohort + "."));
        }
        return problems;
    }

    private static List<Problem> rowProblems(RunPlan plan, Population population) {
        List<Problem> problems = new ArrayList<>();
        Examples rows = population.train(0);
        if (plan.model().inputs().size() == 1
                && !rows.inputShape().equals(plan.model().inputs().get(0).shape())) {
            problems.add(Problem.of(
                    "model",
                    "its input must have the shape of the rows, " + rows.inputShape() + ". Provided value: "
                            + plan.model().inputs().get(0).shape() + "."));
        }
        int targets = plan.loss().targets(plan.model().outputShape().size());
        if (rows.targetSize() != targets) {
            problems.add(Problem.of(
                    "loss",
                    plan.loss().name() + " needs so many targets of a row here: " + targets + ". The rows have "
                            + rows.targetSize() + "."));
        }
        return problems;
    }
}
