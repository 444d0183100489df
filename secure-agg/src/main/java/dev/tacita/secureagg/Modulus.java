package dev.tacita.secureagg;

import java.math.BigInteger;

/**
 * The number of elements of the ring in which vectors are added and masked. Exact sums need every possible sum to be
 * less than it; whoever defines a vector checks that.
 *
 * @param value 2 to 2^63 - 1, or 0 for 2^64
 */
public record Modulus(long value) {
    /** 2^32: four bytes for each element. */
    public static final Modulus TWO_32 = new Modulus(1L << 32);

    /** 2^64: eight bytes for each element; the words of {@link dev.tacita.core.number.FixedPoint} live here. */
    public static final Modulus TWO_64 = new Modulus(0);

    public Modulus {
        if (value < 0 || value == 1) {
            throw new IllegalArgumentException(
                    "a modulus must be 2 to 2^63 - 1, or 0, which stands for 2^64. Provided value: " + value);
        }
    }

    /** The bytes of an element on the wire: as many as its bits need. */
    public int bytes() {
        return (bits() + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** The bits that hold every element. */
    public int bits() {
        return value == 0 ? Long.SIZE : Long.SIZE - Long.numberOfLeadingZeros(value - 1);
    }

    /** Whether it is a power of two. */
    public boolean isPowerOfTwo() {
        return value == 0 || Long.bitCount(value) == 1;
    }

    /** As a number. */
    public BigInteger toBigInteger() {
        return value == 0 ? BigInteger.ONE.shiftLeft(Long.SIZE) : BigInteger.valueOf(value);
    }

    /** The element that a whole number stands for, negative ones counted down from the modulus. */
    public long element(long number) {
        return value == 0 ? number : Math.floorMod(number, value);
    }

    /** The number of smallest magnitude that an element stands for. */
    public long centred(long element) {
        return value == 0 || element <= value / 2 ? element : element - value;
    }

    @Override
    public String toString() {
        return isPowerOfTwo() ? "2^" + bits() : Long.toString(value);
    }
}
