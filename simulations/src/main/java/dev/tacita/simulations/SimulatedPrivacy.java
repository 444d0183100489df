package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.dp.plan.SumNoise;
import dev.tacita.dp.training.DpTrainer;
import dev.tacita.dp.training.PrivacyProblems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        if (!plan.algorithm().sendsUpdateAlone(plan.model())
                || plan.algorithm().siteMemorySize(plan.algorithm().parameters(plan.model())) != 0
                || plan.algorithm() instanceof FedBuff
                || plan.algorithm() instanceof Hierarchical) {
            problems.add(Problem.of(
                    "privacy",
                    "it goes with algorithms that send an update alone, keep nothing at sites and have plain rounds, as live;"
                            + " not with " + plan.algorithm().name() + "."));
        }
        if (!population.attacks().isEmpty()) {
            problems.add(Problem.of(
                    "privacy", "hostile sites are not simulated with it: nothing would say whether they clip."));
        }
        if (privacy instanceof PrivacySpec.Federation && !(rule instanceof Mean)) {
            problems.add(Problem.of(
                    "privacy", "noise of the federation is made for a sum, and " + rule.name() + " adds none up."));
        }
        if (noiseCohort.isPresent() && privacy instanceof PrivacySpec.Examples) {
            problems.add(Problem.of(
                    "noise-cohort-size",
                    "noise within the sites' steps does not scale with the cohort. Use it with site or federation."));
        }
        if (noiseCohort.isPresent() && noiseCohort.getAsInt() < cohort) {
            problems.add(Problem.of(
                    "noise-cohort-size",
                    "must be at least the number of sites that a round asks, " + cohort + ". Provided value: "
                            + noiseCohort.getAsInt() + "."));
        }
        try {
            PlannedPrivacy ofSmallest = planned(smallest(population));
            if (privacy instanceof PrivacySpec.Examples examples) {
                problems.addAll(PrivacyProblems.ofClipping(plan.model(), examples.clipping()));
                problems.addAll(PrivacyProblems.ofNoise(ofSmallest.noiseMultiplier(), examples.clipping()));
            }
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of("privacy", e.getMessage() + "."));
        }
        return problems;
    }

    private static int smallest(Population population) {
        return IntStream.range(0, population.size()).map(population::rows).min().orElseThrow();
    }

    private PlannedPrivacy planned(int rows) {
        int key = privacy instanceof PrivacySpec.Examples ? rows : 1;
        return planned.computeIfAbsent(
                key, examples -> PlannedPrivacy.of(plan, examples).orElseThrow());
    }

    /** What trains at a site of so many rows. */
    LocalTrainer trainer(Workers.Worker worker, int rows) {
        return privacy instanceof PrivacySpec.Examples examples
                ? new DpTrainer(
                        worker.gradients(),
                        worker.trainer,
                        examples.clipping(),
                        planned(rows).noiseMultiplier(),
                        event -> {})
                : worker.trainer;
    }

    /** What leaves a site. */
    ClippedUpdate leaving(ModelUpdate update) {
        if (!(privacy instanceof PrivacySpec.Site) && !(privacy instanceof PrivacySpec.Federation)) {
            return update.withoutClipping();
        }
        ModelUpdate alike = new ModelUpdate(update.valuesInTheClear(), privacy.weight(update.weight()));
        if (privacy instanceof PrivacySpec.Federation federation) {
            return alike.clip(federation.clip());
        }
        PrivacySpec.Site site = (PrivacySpec.Site) privacy;
        SumNoise noise = SumNoise.ofSite(site, planned(1), plan.model());
        ClippedUpdate clipped = alike.clip(site.clip());
        if (noiseCohort.isEmpty()) {
            return clipped.withNoise(noise::addTo);
        }
        double factor = Math.sqrt((double) cohort / noiseCohort.getAsInt());
        return clipped.withNoise(values -> {
            float[] drawn = new float[values.length];
            noise.addTo(drawn);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] + factor * drawn[i]);
            }
        });
    }

    /** The mean with the aggregator's noise, if it adds any. */
    double[] published(double[] mean, int answered, int asked) {
        if (!(privacy instanceof PrivacySpec.Federation federation)) {
            return mean;
        }
        SumNoise noise = SumNoise.ofFederation(federation, planned(1), plan.model(), plan.encoding());
        double[] result = new double[mean.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = mean[i] * answered;
        }
        if (noiseCohort.isEmpty()) {
            noise.addTo(result);
        } else {
            double[] drawn = new double[mean.length];
            noise.addTo(drawn);
            for (int i = 0; i < result.length; i++) {
                result[i] += drawn[i] * asked / noiseCohort.getAsInt();
            }
        }
        for (int i = 0; i < result.length; i++) {
            result[i] /= asked;
        }
        return result;
    }

    /**
     * What so many rounds have revealed at the plan's delta of whoever took part in all of them; where single rows are hidden,
     * at the site with the fewest; empty without privacy.
     */
    OptionalDouble epsilon(int rounds, Population population) {
        return privacy instanceof PrivacySpec.None
                ? OptionalDouble.empty()
                : OptionalDouble.of(planned(smallest(population)).after(rounds).epsilon());
    }
}
