package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * A vector that is summed under its own name: an update, metrics, a histogram.
 *
 * @param name 1 to 63 lower-case letters, digits and inner hyphens
 * @param length how many elements, at least 1
 * @param modulus the ring
 * @param bits a site's numbers are within +-(2^(bits - 1) - 1), its noise included; 1 bit more than the magnitude, 2 to 63
 */
public record VectorSpec(String name, int length, Modulus modulus, int bits) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    public VectorSpec {
        requireName(name);
        requireNonNull(modulus, "modulus is null");
        if (length < 1) {
            throw new IllegalArgumentException("length must be >= 1. Provided value: " + length);
        }
        if (bits < 2 || bits > 63) {
            throw new IllegalArgumentException("bits must be 2 to 63. Provided value: " + bits);
        }
    }

    /** The largest magnitude of a number of one site. */
    public long largest() {
        return (1L << (bits - 1)) - 1;
    }

    static void requireName(String name) {
        requireNonNull(name, "name is null");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a vector must be 1 to 63 lower-case letters, digits and inner hyphens");
        }
    }

    /** The bytes of the vector in a message. */
    long messageBytes() {
        return (long) length * modulus.bytes();
    }
}
