package dev.tacita.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Headers that older versions wrote, as the newest version would have written them. */
final class OlderVersions {
    private OlderVersions() {}

    /** Version 1 of a contribution's header and of a round's closing knew of no epsilon. */
    static JsonNode toNewest(MessageKind kind, JsonNode header) {
        if (kind == MessageKind.CONTRIBUTION_HEADER || kind == MessageKind.ROUND_CLOSED) {
            withoutEpsilon(header);
            header.path("counted").forEach(OlderVersions::withoutEpsilon);
        }
        return header;
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
