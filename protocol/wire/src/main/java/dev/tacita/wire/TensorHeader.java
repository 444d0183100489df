package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A flat tensor that travels in chunks. All chunks but the last have {@link #CHUNK_BYTES} bytes.
 *
 * @param type of an element; little-endian
 * @param elements how many, at least 1
 * @param chunks SHA-256 of each chunk's bytes, in order
 */
public record TensorHeader(ElementType type, int elements, List<Hash> chunks) {
    /** The largest chunk: half of Kafka's default limit of a record, so that the envelope always fits. */
    public static final int CHUNK_BYTES = 512 * 1024;

    public TensorHeader {
        requireNonNull(type, "type is null");
        chunks = List.copyOf(chunks);
        if (elements < 1) {
            throw new IllegalArgumentException("elements must be >= 1. Provided value: " + elements);
        }
        long expected = ((long) elements * type.bytes() + CHUNK_BYTES - 1) / CHUNK_BYTES;
        if (chunks.size() != expected) {
            throw new IllegalArgumentException("a tensor of " + elements + " elements must have " + expected
                    + " chunks. Provided value: " + chunks.size());
        }
    }

    /** Bytes of all chunks together. */
    public long byteLength() {
        return (long) elements * type.bytes();
    }

    /** Bytes of the chunk at {@code index}. */
    public int chunkLength(int index) {
        return (int) Math.min(CHUNK_BYTES, byteLength() - (long) index * CHUNK_BYTES);
    }
}
