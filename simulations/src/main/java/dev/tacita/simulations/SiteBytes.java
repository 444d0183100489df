package dev.tacita.simulations;

/**
 * What a site moves in a round in which all answer, without what a transport puts around messages.
 *
 * @param upload bytes that it sends
 * @param download bytes that it receives, the model among them
 */
public record SiteBytes(long upload, long download) {
    /** Both ways. */
    public long total() {
        return upload + download;
    }
}
