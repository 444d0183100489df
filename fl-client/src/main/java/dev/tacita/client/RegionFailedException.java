package dev.tacita.client;

/** Thrown if and only if a region's own rounds came to nothing; the message says why, and may leave the region. */
public final class RegionFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The message is one sentence for the people of the aggregator of regions. */
    public RegionFailedException(String message) {
        super(message);
    }
}
