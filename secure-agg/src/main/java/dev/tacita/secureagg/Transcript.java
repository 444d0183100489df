package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A SHA-256 over fields, each behind its length in four bytes, big-endian: different fields never give the same bytes.
 */
final class Transcript {
    private final MessageDigest digest;

    private Transcript() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** With no field yet. */
    static Transcript empty() {
        return new Transcript();
    }

    /** Begun with the words that say what is hashed, so that no hash of one purpose is one of another. */
    static Transcript of(String purpose) {
        return new Transcript().add("tacita secure aggregation 1").add(purpose);
    }

    Transcript add(byte[] field) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).flip());
        digest.update(field);
        return this;
    }

    Transcript add(Octets field) {
        return add(field.shared());
    }

    Transcript add(String field) {
        return add(field.getBytes(StandardCharsets.UTF_8));
    }

    Transcript add(long field) {
        return add(ByteBuffer.allocate(Long.BYTES).putLong(field).array());
    }

    Octets hash() {
        return Octets.wrap(digest.digest());
    }
}
