package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.Protection;
import dev.tacita.wire.Hash;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Where an agent notes what leaves its site, before it leaves. What cannot be noted does not leave. */
public interface EgressRecord extends AutoCloseable {
    /**
     * Something that is about to leave.
     *
     * @param at when, by the site's clock
     * @param kind of message, such as {@code contribution}
     * @param run which run it is for; empty for a hello or goodbye
     * @param round which round; empty if it is for none
     * @param attempt which attempt at the round; empty if it is for none
     * @param bytes on the wire, before compression
     * @param sha256 of these bytes
     * @param protection what hides the values; empty if it carries none
     * @param weight as how many training examples it counts, 1 where sites count alike; 0 if it carries no update
     */
    record Departure(
            Instant at,
            String kind,
            Optional<RunId> run,
            OptionalInt round,
            OptionalInt attempt,
            long bytes,
            Hash sha256,
            Optional<Protection> protection,
            long weight) {}

    /**
     * Notes it durably.
     *
     * @throws EgressException if that fails; nothing may leave then
     */
    void note(Departure departure);

    @Override
    void close();

    /** Keeps nothing; for studies, where nothing leaves. */
    static EgressRecord none() {
        return new EgressRecord() {
            @Override
            public void note(Departure departure) {}

            @Override
            public void close() {}
        };
    }
}
