package dev.tacita.server.report;

import dev.tacita.wire.Hash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of what a run directory holds. */
final class Hashes {
    private Hashes() {}

    static Hash of(String text) {
        return Hash.of(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Of the values as little-endian float32. */
    static Hash of(float[] values) {
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
            if (!buffer.hasRemaining()) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        digest.update(buffer.flip());
        return Hash.of(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
