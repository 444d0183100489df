package dev.tacita.wire;

/** The four logs of a federation. Who may write is enforced by the broker's access rules. */
public enum Channel {
    /**
     * What the aggregator decided, in order: the truth of every run, kept for ever. Written by the aggregator only,
     * read by every site and by the aggregator when it starts again.
     */
    ROUNDS,
    /** Models by hash, in chunks. Written by the aggregator only, read by every site. */
    MODELS,
    /** What sites send for a round, in chunks. Written by sites, read by the aggregator only. */
    CONTRIBUTIONS,
    /** Sites saying hello, goodbye, or why they refuse. Written by sites, read by the aggregator only. */
    SITES;

    /** Where a message of this kind belongs. */
    public static Channel of(Message message) {
        return Routing.channel(message);
    }
}
