package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A frame as it stands in a channel.
 *
 * @param partition in which part of the channel
 * @param offset its place in the partition
 * @param at when the log took it, by the log's clock
 * @param frame what was written
 */
public record Entry(int partition, long offset, Instant at, Frame frame) {
    public Entry {
        requireNonNull(at, "at is null");
        requireNonNull(frame, "frame is null");
    }
}
