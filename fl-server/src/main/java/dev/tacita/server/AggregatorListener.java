package dev.tacita.server;

import dev.tacita.wire.AggregatorMessage;

/** Is told what happens, on the aggregator's thread: answer soon. */
public interface AggregatorListener {
    /** Hears nothing. */
    AggregatorListener SILENT = message -> {};

    /** A decision took effect; after a start, each earlier decision first. */
    void decided(AggregatorMessage message);
}
