package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.ledger.Reservation;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.dp.plan.RunLedger;
import dev.tacita.dp.plan.SharedNoise;
import dev.tacita.dp.plan.SumNoise;
import dev.tacita.dp.training.DpTrainer;
import dev.tacita.dp.training.PrivacyProblems;
import dev.tacita.secureagg.Contribution;
import dev.tacita.secureagg.PlannedTerms;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Training whose result may be seen as far as the plan's privacy says. Guarantees: each step is in the ledger before its noise
 * is drawn; a round is answered with the update that was kept of it, or else with new noise that is counted again. One thread at
 * a time.
 */
final class PrivateTraining {
    private final Optional<RunLedger> ledger;
    private final KeptUpdates kept;
    private final LocalTrainer trainer;
    private final Optional<Supplier<PerExampleGradients>> maker;
    private Optional<PerExampleGradients> gradients = Optional.empty();

    /**
     * No ledger where the policy has no budget, and nothing private is trained then; no gradients of single examples where they
     * cannot be had.
     */
    PrivateTraining(
            Optional<RunLedger> ledger,
            KeptUpdates kept,
            LocalTrainer trainer,
            Optional<Supplier<PerExampleGradients>> gradients) {
        this.ledger = ledger;
        this.kept = kept;
        this.trainer = trainer;
        this.maker = gradients;
    }

    /** Why such a plan cannot be trained here; empty if it can. */
    List<String> problemsWith(RunPlan plan) {
        if (!(plan.privacy() instanceof PrivacySpec.Examples examples)) {
            return List.of();
        }
        if (maker.isEmpty()) {
            return List.of("privacy: this site's own trainer has no gradients of single examples");
        }
        return PrivacyProblems.ofClipping(plan.model(), examples.clipping()).stream()
                .map(problem -> "privacy: " + problem)
                .toList();
    }

    /** Why its noise does not go with its clipping, at this number of rows; empty if it does. */
    static List<String> problemsWith(RunPlan plan, PlannedPrivacy planned) {
        return plan.privacy() instanceof PrivacySpec.Examples examples
                ? PrivacyProblems.ofNoise(planned.noiseMultiplier(), examples.clipping()).stream()
                        .map(problem -> "privacy: " + problem)
                        .toList()
                : List.of();
    }

    /**
     * The update of a round. Under {@link SharedNoise} its noise is still to be added, by {@link #addShare}, and each attempt at the
     * round is counted.
     *
     * @throws dev.tacita.dp.ledger.BudgetExceededException if the budget does not allow it
     * @throws InterruptedException if the thread is interrupted before the end
     */
    ClippedUpdate update(Judgement.Accepted accepted, KeptUpdates.Place place, LocalTask task, Examples train)
            throws InterruptedException, WorkFailedException {
        boolean fresh = SharedNoise.isOf(accepted.plan());
        Optional<ModelUpdate> before =
                fresh ? Optional.empty() : kept.find(place).filter(update -> update.size() == task.parameters().length);
        if (before.isPresent()) {
            return before.get().withoutClipping();
        }
        PlannedPrivacy planned = accepted.planned().orElseThrow();
        ClippedUpdate made;
        RunLedger entries = ledger.orElseThrow(() -> new IllegalStateException("the site keeps no ledger"));
        try (Reservation steps = entries.reserve(place.run(), place.round(), accepted.plan(), planned)) {
            made = made(accepted.plan(), planned, steps, task, train);
        }
        if (!fresh) {
            kept.keep(place, made);
        }
        return made;
    }

    /** What a run has revealed by now. */
    OptionalDouble spentBy(RunId run, PlannedPrivacy planned) {
        return ledger.map(entries -> entries.spentBy(run, planned)).orElse(OptionalDouble.empty());
    }

    private ClippedUpdate made(RunPlan plan, PlannedPrivacy planned, Reservation steps, LocalTask task, Examples train)
            throws InterruptedException, WorkFailedException {
        PrivacySpec privacy = plan.privacy();
        if (privacy instanceof PrivacySpec.Examples examples) {
            PerExampleGradients source =
                    gradients.orElseGet(() -> maker.orElseThrow().get());
            gradients = Optional.of(source);
            var own = new DpTrainer(
                    source,
                    trainer,
                    examples.clipping(),
                    planned.noiseMultiplier(),
                    event -> use(steps, planned, event));
            return own.train(task, train).update().withoutClipping();
        }
        steps.use();
        ModelUpdate update = trainer.train(task, train).update();
        if (update.size() != task.parameters().length) {
            throw new WorkFailedException("the trainer's update has " + update.size() + " values; the model has "
                    + task.parameters().length + " parameters");
        }
        float[] values = SharedNoise.isOf(plan)
                ? SharedNoise.trainedOnly(plan, update.valuesInTheClear())
                : update.valuesInTheClear();
        ModelUpdate alike = new ModelUpdate(values, privacy.weight(update.weight()));
        return privacy instanceof PrivacySpec.Site site
                ? alike.clip(site.clip()).withNoise(SumNoise.ofSite(site, planned, task.model())::addTo)
                : alike.clip(((PrivacySpec.Federation) privacy).clip());
    }

    /** Adds the site's share of noise to a contribution whose update was made here, if the plan asks for it; for one attempt. */
    static void addShare(RunPlan plan, PlannedPrivacy planned, Contribution contribution) {
        SharedNoise.of(plan, planned, event -> requireEntered(planned, event))
                .map(SharedNoise::draw)
                .ifPresent(noise -> contribution.addNoise(PlannedTerms.UPDATE, vector -> {
                    for (int i = 0; i < noise.length; i++) {
                        vector.add(1 + i, noise[i]);
                    }
                }));
    }

    private static void use(Reservation steps, PlannedPrivacy planned, Event event) {
        requireEntered(planned, event);
        steps.use();
    }

    private static void requireEntered(PlannedPrivacy planned, Event event) {
        if (!event.equals(planned.step())) {
            throw new IllegalStateException(
                    "a step must reveal what was entered for it: " + planned.step() + ". Provided value: " + event);
        }
    }
}
