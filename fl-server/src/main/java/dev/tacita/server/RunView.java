package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.RunId;
import dev.tacita.server.RunState.Status;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A run, as the HTTP interface shows it.
 *
 * @param run which
 * @param status where it stands
 * @param reason what it waits for, or why it ended; empty where there is nothing to say
 * @param roundsDone rounds of training that completed
 * @param rounds rounds of training that the plan asks for
 * @param model SHA-256 of its parameters; empty before the first round
 * @param opened when it was submitted
 */
public record RunView(
        RunId run, Status status, String reason, int roundsDone, int rounds, Optional<String> model, Instant opened) {
    public RunView {
        requireNonNull(run, "run is null");
        requireNonNull(status, "status is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(model, "model is null");
        requireNonNull(opened, "opened is null");
    }

    /** Whether it is over. */
    public boolean hasEnded() {
        return status == Status.COMPLETED || status == Status.STOPPED || status == Status.FAILED;
    }

    static RunView of(Aggregator aggregator, RunState run) {
        RunId id = run.opened().run();
        Status status = aggregator.status(id).orElseThrow();
        String reason = run.ended()
                .map(end -> end.reason())
                .or(run::paused)
                .or(() -> status == Status.WAITING_FOR_SITES ? aggregator.waitingFor() : Optional.empty())
                .orElse("");
        int rounds = aggregator
                .history(id)
                .map(history -> history.plan().trainingRounds())
                .orElse(0);
        return new RunView(
                id,
                status,
                reason,
                Math.min(run.roundsDone(), rounds),
                rounds,
                run.model().map(Object::toString),
                run.opened().at());
    }

    /** As a JSON object, for scripts. */
    public String json() {
        return toJson().toString();
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("run", run.value())
                .put("status", word(status))
                .put("reason", reason)
                .put("rounds-done", roundsDone)
                .put("rounds", rounds)
                .put("opened", opened.toString());
        model.ifPresent(hash -> json.put("model", hash));
        return json;
    }

    static RunView of(JsonNode json) {
        return new RunView(
                new RunId(json.required("run").textValue()),
                Status.valueOf(json.required("status")
                        .textValue()
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_')),
                json.required("reason").textValue(),
                json.required("rounds-done").intValue(),
                json.required("rounds").intValue(),
                Optional.ofNullable(json.path("model").textValue()),
                Instant.parse(json.required("opened").textValue()));
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
