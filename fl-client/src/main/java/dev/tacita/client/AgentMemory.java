package dev.tacita.client;

import dev.tacita.wire.Position;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an agent knows when it starts again: saved when it changes, if there is a folder to save it in. */
final class AgentMemory {
    private static final Logger LOG = LoggerFactory.getLogger(AgentMemory.class);

    private final Optional<WorkFolder> folder;
    private final ModelCache models;
    private final Optional<AgentPlace> stored;
    private Optional<AgentPlace> saved = Optional.empty();
    private boolean failed;

    AgentMemory(Optional<WorkFolder> folder, ModelCache models) {
        this.folder = folder;
        this.models = models;
        this.stored = folder.flatMap(WorkFolder::place);
        stored.ifPresent(place -> models.remember(place.models()));
    }

    /** The place in the log of rounds from which to read; empty means its beginning. */
    Optional<Position> rounds() {
        return stored.map(AgentPlace::rounds);
    }

    void save(Position rounds) {
        if (folder.isEmpty()) {
            return;
        }
        AgentPlace place = new AgentPlace(rounds, models.places());
        if (saved.isPresent() && saved.get().equals(place)) {
            return;
        }
        try {
            folder.get().save(place);
            saved = Optional.of(place);
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("the agent's place cannot be saved; it will read more when it starts again: {}", e.toString());
            }
            failed = true;
        }
    }
}
