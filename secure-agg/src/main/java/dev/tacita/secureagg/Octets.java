package dev.tacita.secureagg;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that do not change. Equality takes a time that depends on the lengths only, and {@link #toString} says the
 * length only, so that a key or a share that is held here cannot reach a log by way of its record.
 */
public final class Octets {
    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the array. */
    public static Octets copyOf(byte[] bytes) {
        return new Octets(bytes.clone());
    }

    /** The array itself, which nobody may change any more. */
    static Octets wrap(byte[] bytes) {
        return new Octets(bytes);
    }

    /** How many. */
    public int length() {
        return bytes.length;
    }

    /** A copy. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** The array itself, for reading within the package. */
    byte[] shared() {
        return bytes;
    }

    /** Overwrites the bytes; for secrets that are no longer needed. */
    void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    /** Itself, if it has that many bytes. */
    Octets requireLength(String name, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(
                    name + " must have " + length + " bytes. Provided length: " + bytes.length);
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && MessageDigest.isEqual(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
