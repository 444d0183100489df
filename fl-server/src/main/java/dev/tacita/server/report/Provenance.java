package dev.tacita.server.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.Hash;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a model comes from: enough to judge it, and to train it again.
 *
 * @param history of its run
 * @param surroundings of the aggregator
 */
record Provenance(RunHistory history, Surroundings surroundings) {
    static final int FORMAT = 1;

    static Provenance of(RunHistory history, Surroundings surroundings) {
        return new Provenance(history, surroundings);
    }

    /** What protects the sites' data in this run, in words that promise nothing more. */
    static String privacy(RunHistory history) {
        RunPlan plan = history.plan();
        String protection = RoundLineJson.word(plan.protection().kind());
        return RunPrivacy.of(plan)
                .map(privacy -> String.format(
                        Locale.ROOT,
                        "differential privacy of %s, epsilon %s %s; protection %s",
                        RoundLineJson.word(privacy.level()),
                        history.epsilon().isPresent() ? Figures.epsilon(history.epsilon()) : "not spent yet",
                        privacy.text(),
                        protection))
                .orElse("none: protection " + protection + ", no differential privacy");
    }

    Optional<Instant> started() {
        return history.opened().map(RunOpened::at);
    }

    byte[] toJson() {
        RunPlan plan = history.plan();
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("run", history.run().value())
                .put("plan", plan.name())
                .put("plan-sha256", history.planHash().map(Hash::toString).orElse(""))
                .put("model-sha256", history.model().map(Hash::toString).orElse(""))
                .put("privacy", privacy(history))
                .put("protection", RoundLineJson.word(plan.protection().kind()))
                .put("algorithm", plan.algorithm().name())
                .put("seed", plan.seed())
                .put("rounds-planned", plan.rounds())
                .put("rounds-completed", history.roundsCompleted())
                .put("started", started().map(Instant::toString).orElse(""))
                .put("ended", history.ended().map(it -> it.at().toString()).orElse(""))
                .put(
                        "outcome",
                        history.ended()
                                .map(it -> RoundLineJson.word(it.outcome()))
                                .orElse("running"))
                .put("reason", history.ended().map(it -> it.reason()).orElse(""));
        RunPrivacy.of(plan).ifPresent(privacy -> {
            ObjectNode entry = json.putObject("differential-privacy")
                    .put("level", RoundLineJson.word(privacy.level()))
                    .put("delta", privacy.delta())
                    .put("accountant", privacy.accountant())
                    .put("conversion", privacy.conversion())
                    .put("relation", privacy.relation());
            history.epsilon().ifPresent(epsilon -> entry.put("epsilon", epsilon));
        });
        json.putObject("encoding")
                .put("fraction-bits", plan.encoding().fractionBits())
                .put("limit", plan.encoding().limit());
        json.putObject("aggregator")
                .put(
                        "opened-by-version",
                        history.opened().map(RunOpened::aggregatorVersion).orElse(""))
                .put("code-version", surroundings.version())
                .put("git-commit", surroundings.commit())
                .put("java", surroundings.java())
                .put("system", surroundings.system())
                .put("processor", surroundings.processor());
        sites(json);
        rounds(json);
        return Json.page(json);
    }

    private void sites(ObjectNode json) {
        var sites = json.putArray("sites");
        for (SiteId site : history.sites()) {
            ObjectNode entry = sites.addObject().put("site", site.value());
            Optional.ofNullable(history.joined().get(site))
                    .ifPresent(
                            joined -> entry.put("agent-version", joined.hello().agentVersion()));
            history.epsilon(site).ifPresent(epsilon -> entry.put("epsilon", epsilon));
            history.offer(site)
                    .flatMap(DatasetOffer::trainingExamples)
                    .ifPresent(examples -> entry.put("training-examples", examples));
            history.refusals().stream()
                    .filter(refused -> refused.refusal().site().equals(site))
                    .forEach(refused -> refused.refusal().reasons().forEach(entry.withArray("refused")::add));
        }
    }

    private void rounds(ObjectNode json) {
        var rounds = json.putArray("rounds");
        for (RoundLine line : history.lines()) {
            ObjectNode entry = rounds.addObject()
                    .put("round", line.place().round())
                    .put("attempt", line.place().attempt())
                    .put("purpose", RoundLineJson.word(line.purpose()))
                    .put("outcome", RoundLineJson.word(line.outcome()))
                    .put("asked", line.asked());
            var counted = entry.putArray("counted");
            line.counted().stream().map(Counted::site).map(SiteId::value).forEach(counted::add);
            entry.put("model-sha256", line.model().toString());
        }
    }
}
