package dev.tacita.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Headers that older versions wrote, as the newest version would have written them. */
final class OlderVersions {
    private OlderVersions() {}

    /**
     * Version 1 of a contribution's header and of a round's closing knew of no epsilon; that of a hello hid no number. Version 1
     * of a round's opening and 2 of its closing knew of nothing that is shared, and 3 of its closing of no site that is still at work.
     */
    static JsonNode toNewest(MessageKind kind, int version, JsonNode header) {
        if (version == 1 && (kind == MessageKind.CONTRIBUTION_HEADER || kind == MessageKind.ROUND_CLOSED)) {
            withoutEpsilon(header);
            header.path("counted").forEach(OlderVersions::withoutEpsilon);
        }
        if (kind == MessageKind.ROUND_OPENED || (kind == MessageKind.ROUND_CLOSED && version <= 2)) {
            withoutShared(kind, version, header);
        }
        if (kind == MessageKind.ROUND_CLOSED) {
            withoutSitesAtWork(version, header);
        }
        if (kind == MessageKind.HELLO) {
            withTrainingExamples(header);
        } else if (kind == MessageKind.SITE_JOINED) {
            withTrainingExamples(header.path("hello"));
        }
        return header;
    }

    private static void withoutShared(MessageKind kind, int version, JsonNode header) {
        if (header instanceof ObjectNode fields) {
            if (fields.has("shared") || fields.has("sites")) {
                throw new IllegalArgumentException("version " + version + " has no shared values");
            }
            fields.putNull("shared");
            if (kind == MessageKind.ROUND_OPENED) {
                fields.put("sites", fields.path("cohort").size());
            }
        }
    }

    private static void withoutSitesAtWork(int version, JsonNode header) {
        if (header instanceof ObjectNode fields) {
            if (fields.has("atWork")) {
                throw new IllegalArgumentException("version " + version + " has no sites at work");
            }
            fields.putArray("atWork");
        }
        for (JsonNode counted : header.path("counted")) {
            if (counted instanceof ObjectNode fields) {
                if (fields.has("earlier")) {
                    throw new IllegalArgumentException("version " + version + " has no answers to earlier rounds");
                }
                fields.putNull("earlier");
            }
        }
    }

    private static void withTrainingExamples(JsonNode hello) {
        for (JsonNode offer : hello.path("datasets")) {
            if (offer.path("trainingExamples").isNull()) {
                throw new IllegalArgumentException("version 1 has the number of training examples");
            }
        }
    }

    private static void withoutEpsilon(JsonNode header) {
        if (header instanceof ObjectNode fields) {
            if (fields.has("epsilon")) {
                throw new IllegalArgumentException("version 1 has no epsilon");
            }
            fields.putNull("epsilon");
        }
    }
}
