package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.dp.plan.SharedNoise;
import dev.tacita.dp.plan.SumNoise;
import dev.tacita.dp.plan.SumNoise.Values;
import dev.tacita.dp.training.DpTrainer;
import dev.tacita.dp.training.PrivacyProblems;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What a plan's privacy makes of a simulated run: the same mechanisms as live, on the same terms. No ledger is kept, as nobody's
 * rows are spent. Noise is fresh, so a run with noise does not give the same bits again. For any thread.
 */
final class SimulatedPrivacy {
    private final RunPlan plan;
    private final RunPlan accounted;
    private final int answersOfARound;
    private final List<Values> noisy;
    private final PrivacySpec privacy;
    private final int cohort;
    private final OptionalInt noiseCohort;
    private final Map<Integer, PlannedPrivacy> planned = new ConcurrentHashMap<>();

    /**
     * Of a run.
     *
     * @param cohort how many sites a round asks
     * @param noiseCohort how many it is to have asked as far as noise goes
     */
    SimulatedPrivacy(RunPlan plan, int cohort, OptionalInt noiseCohort) {
        this.plan = plan;
        this.answersOfARound = plan.algorithm() instanceof Hierarchical regional ? regional.edgeRounds() : 1;
        this.accounted = plan.withRounds(Math.multiplyExact(plan.rounds(), answersOfARound));
        this.noisy = PrivateContribution.noisy(plan.algorithm(), plan.model());
        this.privacy = plan.privacy();
        this.cohort = cohort;
        this.noiseCohort = noiseCohort;
    }

    /** Every reason why this cannot be simulated; empty if it can. */
    List<Problem> problemsWith(Population population, Aggregation rule) {
        if (privacy instanceof PrivacySpec.None) {
            return noiseCohort.isPresent()
                    ? List.of(Problem.of("noise-cohort-size", "it scales noise, and the run has no privacy."))
                    : List.of();
        }
        List<Problem> problems = new ArrayList<>();
        PrivateContribution.refusal(plan.algorithm(), privacy)
                .ifPresent(why -> problems.add(Problem.of("privacy", why + ".")));
        if (SharedNoise.isOf(plan) && plan.algorithm() instanceof Scaffold) {
            problems.add(new Problem(
                    "privacy",
                    "the shares of noise that sites add are made for an update alone, and scaffold sends more.",
                    "Use 'protection: plain', where the aggregator adds the noise."));
        }
        if (privacy instanceof PrivacySpec.Federation && !(rule instanceof Mean)) {
            problems.add(Problem.of(
                    "privacy", "noise of the federation is made for a sum, and " + rule.name() + " adds none up."));
        }
        if (noiseCohort.isPresent() && plan.algorithm() instanceof Hierarchical) {
            problems.add(
                    Problem.of("noise-cohort-size", "each region of hierarchical has a cohort and noise of its own."));
        }
        if (noiseCohort.isPresent() && SharedNoise.isOf(plan)) {
            problems.add(new Problem(
                    "noise-cohort-size",
                    "the shares of noise that sites add follow from the quorum, which a larger cohort would not keep.",
                    "Use it with 'protection: plain', or leave it out."));
        }
        if (noiseCohort.isPresent() && noiseCohort.getAsInt() < cohort) {
            problems.add(Problem.of(
                    "noise-cohort-size",
                    "must be at least the number of sites that a round asks, " + cohort + ". Provided value: "
                            + noiseCohort.getAsInt() + "."));
        }
        try {
            PlannedPrivacy ofSmallest = planned(smallest(population));
            if (noiseCohort.isPresent() && privacy instanceof PrivacySpec.Examples examples) {
                problems.addAll(problemsWithNoiseOf(examples, population));
            }
            if (privacy instanceof PrivacySpec.Examples examples) {
                problems.addAll(PrivacyProblems.ofClipping(plan.model(), examples.clipping()));
                problems.addAll(PrivacyProblems.ofNoise(ofSmallest.noiseMultiplier(), examples.clipping()));
            }
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of("privacy", e.getMessage() + "."));
        }
        return problems;
    }

    /**
     * Noise within the sites' training is that of a larger cohort only if it reaches the mean as it is: from one plain step, of
     * which the site keeps nothing.
     */
    private List<Problem> problemsWithNoiseOf(PrivacySpec.Examples examples, Population population) {
        LocalWork work = plan.algorithm().work(1);
        boolean oneStep = work instanceof LocalWork.Gradient
                || (work instanceof LocalWork.Train train
                        && train.optimizer() instanceof OptimizerSpec.Sgd
                        && IntStream.range(0, population.size())
                                .map(population::rows)
                                .distinct()
                                .allMatch(rows -> planned(rows).stepsOfRound() == 1));
        int size = plan.model().layout().size();
        if (oneStep
                && plan.algorithm().siteMemorySize(size) == 0
                && plan.algorithm().contributionSize(size) == size
                && !(examples.clipping() instanceof Clipping.Quantile)) {
            return List.of();
        }
        return List.of(new Problem(
                "noise-cohort-size",
                "with examples it goes with one step of sgd in a round, and a clip that is fixed: sites that take more steps, or"
                        + " remember, go on from their own noise, however many others there are.",
                "Use fedsgd, or site or federation."));
    }

    /** What a whole run will reveal; empty without privacy. */
    Optional<RunPrivacy> ofRun(Population population) {
        Optional<PrivacyTarget> terms = privacy.terms();
        if (terms.isEmpty()) {
            return Optional.empty();
        }
        PlannedPrivacy fewest = planned(smallest(population));
        DoubleSummaryStatistics noise = (privacy instanceof PrivacySpec.Examples
                        ? IntStream.range(0, population.size())
                                .map(population::rows)
                                .distinct()
                        : IntStream.of(1))
                .mapToObj(this::planned)
                .mapToDouble(PlannedPrivacy::noiseMultiplier)
                .summaryStatistics();
        return Optional.of(new RunPrivacy(
                privacy.level(), fewest.guarantee().epsilon(), terms.get().delta(), noise.getMin(), noise.getMax()));
    }

    private static int smallest(Population population) {
        return IntStream.range(0, population.size()).map(population::rows).min().orElseThrow();
    }

    private PlannedPrivacy planned(int rows) {
        int key = privacy instanceof PrivacySpec.Examples ? rows : 1;
        return planned.computeIfAbsent(
                key, examples -> PlannedPrivacy.of(accounted, examples).orElseThrow());
    }

    /** What a site of so many rows is asked: noisy training counts its steps otherwise than training without. */
    LocalWork work(LocalWork asked, int rows) {
        return privacy instanceof PrivacySpec.Examples && asked instanceof LocalWork.Train train
                ? new LocalWork.Train(
                        train.optimizer(),
                        new LocalWork.Extent.Steps(Math.toIntExact(planned(rows).stepsOfRound())),
                        train.batchSize(),
                        train.schedule(),
                        train.proximal())
                : asked;
    }

    /** What trains at a site of so many rows. */
    LocalTrainer trainer(Worker worker, int rows) {
        return privacy instanceof PrivacySpec.Examples examples
                ? new DpTrainer(
                        worker.gradients(),
                        worker.trainer(),
                        examples.clipping(),
                        noiseFactor() * planned(rows).noiseMultiplier(),
                        event -> {})
                : worker.trainer();
    }

    /** Of noise that each site adds: as small in the mean as that of so many sites. */
    private double noiseFactor() {
        return noiseCohort.isPresent() ? Math.sqrt((double) cohort / noiseCohort.getAsInt()) : 1;
    }

    /** What leaves a site. */
    ClippedUpdate leaving(ModelUpdate update) {
        if (!(privacy instanceof PrivacySpec.Site) && !(privacy instanceof PrivacySpec.Federation)) {
            return update.withoutClipping();
        }
        float[] hidden = SharedNoise.isOf(plan)
                ? SharedNoise.trainedOnly(plan, update.valuesInTheClear())
                : update.valuesInTheClear();
        ModelUpdate alike = new ModelUpdate(hidden, privacy.weight(update.weight()));
        if (privacy instanceof PrivacySpec.Federation federation) {
            return alike.clip(federation.clip());
        }
        PrivacySpec.Site site = (PrivacySpec.Site) privacy;
        SumNoise noise = SumNoise.ofSite(site, planned(1), noisy);
        ClippedUpdate clipped = alike.clip(site.clip());
        if (noiseCohort.isEmpty()) {
            return clipped.withNoise(noise::addTo);
        }
        double factor = noiseFactor();
        return clipped.withNoise(values -> {
            float[] drawn = new float[values.length];
            noise.addTo(drawn);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] + factor * drawn[i]);
            }
        });
    }

    /** A site's share of the noise of a sum, in numbers of its protection, if sites add it. */
    Optional<long[]> shareOfNoise() {
        return SharedNoise.isOf(plan)
                ? SharedNoise.of(plan, planned(1), event -> {}).map(SharedNoise::draw)
                : Optional.empty();
    }

    /** The mean of a noisy sum, by the number of sites that were asked. */
    double[] published(double[] mean, int answered, int asked) {
        if (!(privacy instanceof PrivacySpec.Federation federation)) {
            return mean;
        }
        double[] result = new double[mean.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = mean[i] * answered;
        }
        if (SharedNoise.isOf(plan)) {
            // The sites have added it, also where a layer stays at them.
            return dividedBy(asked, noisyAlone(result));
        }
        SumNoise noise = SumNoise.ofFederation(federation, planned(1), noisy, plan.encoding());
        if (noiseCohort.isEmpty()) {
            noise.addTo(result);
        } else {
            double[] drawn = new double[mean.length];
            noise.addTo(drawn);
            for (int i = 0; i < result.length; i++) {
                result[i] += drawn[i] * asked / noiseCohort.getAsInt();
            }
        }
        return dividedBy(asked, result);
    }

    private double[] noisyAlone(double[] sum) {
        double[] result = new double[sum.length];
        noisy.forEach(each -> System.arraycopy(sum, each.offset(), result, each.offset(), each.length()));
        return result;
    }

    private static double[] dividedBy(int sites, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= sites;
        }
        return sum;
    }

    /**
     * What so many rounds have revealed at the plan's delta of whoever took part in all of them; where single rows are hidden,
     * at the site with the fewest; empty without privacy.
     */
    OptionalDouble epsilon(int rounds, Population population) {
        return privacy instanceof PrivacySpec.None
                ? OptionalDouble.empty()
                : OptionalDouble.of(planned(smallest(population))
                        .after((long) rounds * answersOfARound)
                        .epsilon());
    }
}
