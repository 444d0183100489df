package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.Entry;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** How the contributions to one attempt at a round become a sum. For one thread. */
interface RoundSum {
    /**
     * Takes in what a site of the cohort sent.
     *
     * @param refused is told of what earlier messages prove to be
     */
    void take(Entry entry, SiteMessage message, BiConsumer<SiteId, RefusedMessageException> refused)
            throws RefusedMessageException, InterruptedException;

    /** Decides what came of all that was taken in. */
    void settle(BiConsumer<SiteId, RefusedMessageException> refused) throws InterruptedException;

    /** Forgets what a site has begun to send; call only when settled. */
    void drop(SiteId site);

    /** Whether nobody waits for the site now. */
    boolean has(SiteId site);

    /** Whether the site has said all that it can say in the round. */
    boolean isFinal(SiteId site);

    /** Why the site does not count, if more is known than that it did not answer, or, if it is not present, went away. */
    Optional<String> absence(SiteId site, boolean present);

    /** After when nobody is waited for now. */
    Instant deadline();

    /** How long is waited at least, since the log was within reach. */
    Duration patience();

    /**
     * Goes on to the next stage, when nobody is waited for in this one: what to write so that it begins. Nothing if there is no
     * other; the round can be closed then.
     */
    Decision nextStage(Instant now);

    /** What counts, sorted by site; call only when there is no other stage. */
    List<Counted> counted();

    /** Bytes on the wire of what counts. */
    long bytes();

    /** What is said of the sum when the round closes. */
    List<AggregatorMessage> summary();

    /**
     * The weighted mean of what counts, bit for bit the same for any order of arrival. Empty if the log no longer holds what
     * was complete.
     */
    Optional<double[]> mean() throws InterruptedException;

    /** Ends it, and forgets what must not be kept. */
    void end();
}
