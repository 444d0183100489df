package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The bytes of one message and what a broker may see to route it.
 *
 * @param key entries of one key keep their order
 * @param headers for routing and for people who look at the topic; never trusted
 * @param bytes between position and limit, a read-only view
 */
public record Frame(String key, Map<String, String> headers, ByteBuffer bytes) {
    public Frame {
        requireNonNull(key, "key is null");
        headers = Map.copyOf(headers);
        bytes = bytes.asReadOnlyBuffer();
    }
}
