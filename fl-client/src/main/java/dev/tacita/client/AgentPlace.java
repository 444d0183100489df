package dev.tacita.client;

import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where an agent goes on reading when it starts again.
 *
 * @param rounds place in the log of rounds
 * @param models where models begin, in the order of the log
 */
record AgentPlace(Position rounds, Map<Hash, Position> models) {
    AgentPlace {
        models = new LinkedHashMap<>(models);
    }
}
