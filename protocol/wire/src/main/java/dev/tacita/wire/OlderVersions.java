package dev.tacita.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Headers that older versions wrote, as the newest version would have written them. */
final class OlderVersions {
    private OlderVersions() {}

    /** Version 1 of a contribution's header and of a round's closing knew of no epsilon; that of a hello hid no number. */
    static JsonNode toNewest(MessageKind kind, JsonNode header) {
        if (kind == MessageKind.CONTRIBUTION_HEADER || kind == MessageKind.ROUND_CLOSED) {
            withoutEpsilon(header);
            header.path("counted").forEach(OlderVersions::withoutEpsilon);
        }
        if (kind == MessageKind.HELLO) {
            withTrainingExamples(header);
        } else if (kind == MessageKind.SITE_JOINED) {
            withTrainingExamples(header.path("hello"));
        }
        return header;
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
