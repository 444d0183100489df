package dev.tacita.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * A place between two entries of a channel.
 *
 * @param offsets for each partition, the offset of the next entry to read; at least 0
 */
public record Position(List<Long> offsets) {
    public Position {
        offsets = List.copyOf(offsets);
        if (offsets.isEmpty() || offsets.stream().anyMatch(offset -> offset < 0)) {
            throw new IllegalArgumentException("offsets must be >= 0, at least one. Provided value: " + offsets);
        }
    }

    /** The place just after this entry. */
    public Position after(Entry entry) {
        List<Long> next = new ArrayList<>(offsets);
        next.set(entry.partition(), entry.offset() + 1);
        return new Position(next);
    }

    /** Whether the entry lies at or after this place. */
    public boolean isBeforeOrAt(Entry entry) {
        return entry.offset() >= offsets.get(entry.partition());
    }

    /** Whether this place is at or after {@code other} in every partition. */
    public boolean hasReached(Position other) {
        for (int partition = 0; partition < offsets.size(); partition++) {
            if (offsets.get(partition) < other.offsets.get(partition)) {
                return false;
            }
        }
        return true;
    }
}
