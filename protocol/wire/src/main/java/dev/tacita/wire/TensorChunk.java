package dev.tacita.wire;

import java.nio.ByteBuffer;

/**
 * A piece of a tensor: raw little-endian bytes, not copied.
 *
 * @param index counted from 0
 * @param bytes between position and limit; a read-only view in little-endian order
 */
public record TensorChunk(int index, ByteBuffer bytes) {
    public TensorChunk {
        if (index < 0) {
            throw new IllegalArgumentException("index must be >= 0. Provided value: " + index);
        }
        bytes = bytes.asReadOnlyBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN);
    }
}
