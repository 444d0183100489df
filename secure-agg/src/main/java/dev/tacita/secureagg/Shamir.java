package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Splits a secret into shares, any {@code threshold} of which give it back, while fewer are uniformly random whatever
 * the secret is (Shamir 1979), over the field of 2^31 + 11 elements.
 *
 * <p>A secret is cut into pieces of 31 bits, the lowest last; a share is the value at its point of each piece's
 * polynomial, four bytes each, big-endian. The time of splitting and combining does not depend on the secret or the
 * shares.
 */
public final class Shamir {
    private static final int PIECE_BITS = 31;
    private static final int MOST_SHARES = 1 << 20;

    private Shamir() {}

    /**
     * One share.
     *
     * @param point where the polynomials are evaluated, at least 1
     * @param values their values, four bytes each
     */
    public record Share(int point, Octets values) {
        public Share {
            if (point < 1 || point > MOST_SHARES) {
                throw new IllegalArgumentException(
                        "the point of a share must be 1 to " + MOST_SHARES + ". Provided value: " + point);
            }
        }
    }

    /** The bytes of a share of a secret of that many bytes. */
    public static int shareBytes(int secretBytes) {
        return Integer.BYTES * pieces(secretBytes);
    }

    /**
     * Splits a secret into shares for the points 1 to {@code shares}.
     *
     * @param secret at least one byte
     * @param threshold how many give the secret back, at least 2, at most {@code shares}
     * @throws IllegalArgumentException if the threshold is not in its range, or there is no secret
     */
    public static List<Share> split(byte[] secret, int threshold, int shares, SecureRandom random) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("a secret must have at least one byte");
        }
        if (threshold < 2 || threshold > shares || shares > MOST_SHARES) {
            throw new IllegalArgumentException("the threshold must be >= 2 and <= the number of shares, and that <= "
                    + MOST_SHARES + ". Provided values: " + threshold + ", " + shares);
        }
        long[] pieces = cut(secret);
        ByteBuffer[] values = new ByteBuffer[shares];
        Arrays.setAll(values, i -> ByteBuffer.allocate(Integer.BYTES * pieces.length));
        FieldElements elements = new FieldElements(random);
        long[] polynomial = new long[threshold];
        for (long piece : pieces) {
            polynomial[0] = piece;
            for (int i = 1; i < threshold; i++) {
                polynomial[i] = elements.next();
            }
            for (int i = 0; i < shares; i++) {
                values[i].putInt((int) valueAt(polynomial, i + 1));
            }
        }
        Arrays.fill(pieces, 0);
        Arrays.fill(polynomial, 0);
        Share[] all = new Share[shares];
        Arrays.setAll(all, i -> new Share(i + 1, Octets.wrap(values[i].array())));
        return List.of(all);
    }

    /**
     * The secret from exactly the given shares.
     *
     * @param secretBytes its length
     * @throws IllegalArgumentException unless there are at least two shares of different points, each of the length
     *     that a secret of that size has, of elements of the field
     */
    public static byte[] combine(List<Share> shares, int secretBytes) {
        return combine(
                shares, Interpolation.at(shares.stream().mapToInt(Share::point).toArray()), secretBytes);
    }

    static byte[] combine(List<Share> shares, Interpolation interpolation, int secretBytes) {
        int pieces = pieces(secretBytes);
        long[] secret = new long[pieces];
        for (int i = 0; i < shares.size(); i++) {
            Octets values = shares.get(i).values();
            values.requireLength("a share", Integer.BYTES * pieces);
            ByteBuffer elements = ByteBuffer.wrap(values.shared());
            for (int piece = 0; piece < pieces; piece++) {
                long element = Integer.toUnsignedLong(elements.getInt());
                if (element >= PrimeField.PRIME) {
                    throw new IllegalArgumentException("a share must consist of elements of the field");
                }
                secret[piece] =
                        PrimeField.add(secret[piece], PrimeField.multiply(interpolation.coefficient(i), element));
            }
        }
        byte[] joined = join(secret, secretBytes);
        Arrays.fill(secret, 0);
        return joined;
    }

    private static long valueAt(long[] polynomial, long point) {
        long value = 0;
        for (int i = polynomial.length - 1; i >= 0; i--) {
            value = PrimeField.add(PrimeField.multiply(value, point), polynomial[i]);
        }
        return value;
    }

    private static int pieces(int secretBytes) {
        return (Byte.SIZE * secretBytes + PIECE_BITS - 1) / PIECE_BITS;
    }

    private static long[] cut(byte[] secret) {
        long[] pieces = new long[pieces(secret.length)];
        for (int bit = 0; bit < Byte.SIZE * secret.length; bit++) {
            long value = (long) secret[secret.length - 1 - bit / Byte.SIZE] >>> (bit % Byte.SIZE) & 1;
            pieces[pieces.length - 1 - bit / PIECE_BITS] |= value << (bit % PIECE_BITS);
        }
        return pieces;
    }

    /** Pieces of shares that do not belong together may exceed 31 bits; their higher bits are lost. */
    private static byte[] join(long[] pieces, int secretBytes) {
        byte[] secret = new byte[secretBytes];
        for (int bit = 0; bit < Byte.SIZE * secretBytes; bit++) {
            long value = pieces[pieces.length - 1 - bit / PIECE_BITS] >>> (bit % PIECE_BITS) & 1;
            secret[secretBytes - 1 - bit / Byte.SIZE] |= (byte) (value << (bit % Byte.SIZE));
        }
        return secret;
    }
}
