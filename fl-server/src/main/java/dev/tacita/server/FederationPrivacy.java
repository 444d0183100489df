package dev.tacita.server;

import dev.tacita.core.FederationId;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.ledger.BudgetExceededException;
import dev.tacita.dp.ledger.Reservation;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.dp.plan.RunLedger;
import dev.tacita.dp.plan.SharedNoise;
import dev.tacita.dp.plan.SumNoise;
import dev.tacita.wire.RoundKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The noise that the aggregator adds for runs with {@code privacy: federation}, and the ledger of the federation. Each noise is
 * drawn once, from a secure source, after it was entered, and only the model that it made is kept: a round that is closed again after a
 * crash has new noise, and both were entered. Under secure aggregation the sites have added the noise, and it is entered here
 * all the same.
 */
final class FederationPrivacy implements AutoCloseable {
    /** Sites are hidden, so how many rows one has changes nothing. */
    private static final int ANY_NUMBER_OF_ROWS = 1;

    private final Optional<RunLedger> ledger;

    private FederationPrivacy(Optional<RunLedger> ledger) {
        this.ledger = ledger;
    }

    /**
     * Takes the ledger in the directory of runs; without budgets there is none.
     *
     * @throws ProblemsException if it cannot be used
     */
    static FederationPrivacy open(AggregatorSettings settings, FederationId federation) {
        if (settings.privacyBudgets().isEmpty()) {
            return new FederationPrivacy(Optional.empty());
        }
        try {
            Files.createDirectories(settings.runsDirectory());
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of runs cannot be made", e);
        }
        Path file = settings.runsDirectory().resolve("privacy.ledger");
        return new FederationPrivacy(
                Optional.of(RunLedger.open(file, "federation " + federation, settings.privacyBudgets())));
    }

    /** Why the federation cannot run a plan; empty if it can, or adds no noise to it. */
    List<Problem> problemsWith(RunId run, RunPlan plan) {
        if (plan.privacy().level() != PrivacyLevel.FEDERATION) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        if (ledger.isEmpty()) {
            problems.add(new Problem(
                    "privacy",
                    "the aggregator adds noise only within a budget, and it has none for '" + plan.dataset() + "'.",
                    "Name one under privacy-budgets in aggregator.yaml."));
        } else {
            problems.addAll(problemsWith(ledger.get(), run, plan));
        }
        return problems;
    }

    private static List<Problem> problemsWith(RunLedger entries, RunId run, RunPlan plan) {
        try {
            return entries.judge(run, plan, planned(plan)).map(reason -> Problem.of("privacy", reason + ".")).stream()
                    .toList();
        } catch (ProblemsException e) {
            return e.problems();
        } catch (IllegalArgumentException e) {
            return List.of(Problem.of("privacy", e.getMessage() + "."));
        }
    }

    /**
     * The mean of a round with its noise, which under secure aggregation the sites have added already.
     *
     * @param mean of the sites that answered, each counting the same
     * @param answered how many did
     * @param asked how many were asked, by which the noisy sum is divided
     * @throws BudgetExceededException if the budget does not allow another noise; nothing was drawn then
     * @throws ProblemsException if no noise keeps to the plan; nothing was drawn then
     */
    double[] withNoise(RoundKey place, RunPlan plan, double[] mean, int answered, int asked) {
        if (!(plan.privacy() instanceof PrivacySpec.Federation federation)) {
            return mean;
        }
        PlannedPrivacy planned = planned(plan);
        double[] sum = new double[mean.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = mean[i] * answered;
        }
        RunLedger entries = ledger.orElseThrow(() -> new IllegalStateException("the aggregator keeps no ledger"));
        try (Reservation step = entries.reserve(place.run(), place.round(), plan, planned)) {
            step.use();
            if (!SharedNoise.isOf(plan)) {
                addNoise(federation, planned, plan, sum);
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= asked;
        }
        return sum;
    }

    private static void addNoise(
            PrivacySpec.Federation federation, PlannedPrivacy planned, RunPlan plan, double[] sum) {
        SumNoise.ofFederation(federation, planned, plan.model(), plan.encoding())
                .addTo(sum);
    }

    /** What the models of a run have revealed of each site; empty if the aggregator adds no noise to it. */
    OptionalDouble spentBy(RunId run, RunPlan plan) {
        return plan.privacy().level() == PrivacyLevel.FEDERATION
                ? OptionalDouble.of(ledger.map(
                                entries -> entries.spentBy(run, planned(plan)).orElse(0))
                        .orElse(0.0))
                : OptionalDouble.empty();
    }

    /** @throws ProblemsException if no noise keeps to the plan, as with one that an older version took */
    private static PlannedPrivacy planned(RunPlan plan) {
        try {
            return PlannedPrivacy.of(plan, ANY_NUMBER_OF_ROWS).orElseThrow();
        } catch (IllegalArgumentException e) {
            throw new ProblemsException("the plan", List.of(Problem.of("privacy", e.getMessage() + ".")));
        }
    }

    @Override
    public void close() {
        ledger.ifPresent(RunLedger::close);
    }
}
