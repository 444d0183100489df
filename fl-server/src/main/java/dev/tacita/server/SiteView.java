package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.SiteId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A site that is present, as the HTTP interface shows it.
 *
 * @param site which
 * @param since when it was seen first
 * @param agentVersion of its agent's code
 * @param datasets training examples by name of the dataset; empty where the site hides them
 */
public record SiteView(SiteId site, Instant since, String agentVersion, SortedMap<String, Optional<Long>> datasets) {
    public SiteView {
        requireNonNull(site, "site is null");
        requireNonNull(since, "since is null");
        requireNonNull(agentVersion, "agentVersion is null");
        datasets = Collections.unmodifiableSortedMap(new TreeMap<>(datasets));
    }

    /** As the HTTP interface sends it. */
    public String json() {
        return toJson().toString();
    }

    static SiteView of(Presence presence) {
        SortedMap<String, Optional<Long>> datasets = new TreeMap<>();
        presence.hello().datasets().forEach(offer -> datasets.put(offer.name(), offer.trainingExamples()));
        return new SiteView(
                presence.hello().site(), presence.since(), presence.hello().agentVersion(), datasets);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("site", site.value())
                .put("since", since.toString())
                .put("agent-version", agentVersion);
        ObjectNode offers = json.putObject("datasets");
        datasets.forEach((name, examples) ->
                examples.ifPresentOrElse(count -> offers.put(name, count), () -> offers.putNull(name)));
        return json;
    }

    static SiteView of(JsonNode json) {
        SortedMap<String, Optional<Long>> datasets = new TreeMap<>();
        for (Map.Entry<String, JsonNode> offer : json.required("datasets").properties()) {
            datasets.put(
                    offer.getKey(),
                    Optional.of(offer.getValue()).filter(JsonNode::isNumber).map(JsonNode::longValue));
        }
        return new SiteView(
                new SiteId(json.required("site").textValue()),
                Instant.parse(json.required("since").textValue()),
                json.required("agent-version").textValue(),
                datasets);
    }
}
