package dev.tacita.secureagg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A vector of elements modulo {@link Modulus}: what is masked, added and unmasked. Additions are exact and wrap around
 * the modulus; no branch depends on an element. Not for two threads at once.
 */
public final class RingVector {
    /** So many masks are added in one pass, which saves trips to the vector. */
    static final int MASKS_AT_ONCE = 4;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Modulus modulus;
    private final int[] ints;
    private final long[] longs;

    private RingVector(Modulus modulus, int[] ints, long[] longs) {
        this.modulus = modulus;
        this.ints = ints;
        this.longs = longs;
    }

    /** All zeros; at least one element. */
    public static RingVector zeros(Modulus modulus, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a vector must have at least 1 element. Provided value: " + length);
        }
        return modulus.equals(Modulus.TWO_32)
                ? new RingVector(modulus, new int[length], new long[0])
                : new RingVector(modulus, new int[0], new long[length]);
    }

    /** The elements that whole numbers stand for, negative ones counted down from the modulus. */
    public static RingVector of(Modulus modulus, long... numbers) {
        RingVector vector = zeros(modulus, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            vector.set(i, numbers[i]);
        }
        return vector;
    }

    /** The elements that whole numbers stand for, as {@link #of}. */
    static RingVector ofInts(Modulus modulus, int[] numbers) {
        if (modulus.equals(Modulus.TWO_32) && numbers.length > 0) {
            return new RingVector(modulus, numbers.clone(), new long[0]);
        }
        RingVector vector = zeros(modulus, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            vector.set(i, numbers[i]);
        }
        return vector;
    }

    /**
     * From little-endian elements of {@link Modulus#bytes()} bytes each.
     *
     * @throws IllegalArgumentException unless these are whole elements less than the modulus
     */
    public static RingVector ofBytes(Modulus modulus, Octets bytes) {
        int width = modulus.bytes();
        if (bytes.length() % width != 0) {
            throw new IllegalArgumentException("a vector modulo " + modulus + " must have a multiple of " + width
                    + " bytes. Provided length: " + bytes.length());
        }
        RingVector vector = zeros(modulus, bytes.length() / width);
        ByteBuffer buffer = ByteBuffer.wrap(bytes.shared()).order(ByteOrder.LITTLE_ENDIAN);
        if (vector.isOfInts()) {
            buffer.asIntBuffer().get(vector.ints);
        } else if (width == Long.BYTES) {
            buffer.asLongBuffer().get(vector.longs);
        } else {
            vector.readNarrow(buffer, width);
        }
        vector.requireElements();
        return vector;
    }

    /** Little-endian elements of {@link Modulus#bytes()} bytes each. */
    public Octets toBytes() {
        int width = modulus.bytes();
        byte[] bytes = new byte[Math.multiplyExact(width, length())];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (isOfInts()) {
            buffer.asIntBuffer().put(ints);
        } else if (width == Long.BYTES) {
            buffer.asLongBuffer().put(longs);
        } else {
            for (long element : longs) {
                for (int i = 0; i < width; i++) {
                    buffer.put((byte) (element >>> (Byte.SIZE * i)));
                }
            }
        }
        return Octets.wrap(bytes);
    }

    /** The ring. */
    public Modulus modulus() {
        return modulus;
    }

    /** How many elements. */
    public int length() {
        return isOfInts() ? ints.length : longs.length;
    }

    /** The element at an index, 0 to the modulus - 1 (for 2^64, as the bits of a long). */
    public long element(int index) {
        return isOfInts() ? Integer.toUnsignedLong(ints[index]) : longs[index];
    }

    /** The number of smallest magnitude that the element stands for. */
    public long number(int index) {
        return modulus.centred(element(index));
    }

    /** Where the first number is whose magnitude is above {@code largest}. */
    OptionalInt firstAbove(long largest) {
        int least = 0;
        int most = 0;
        for (int element : ints) {
            least = Math.min(least, element);
            most = Math.max(most, element);
        }
        if (isOfInts() && least >= -largest && most <= largest) {
            return OptionalInt.empty();
        }
        return IntStream.range(0, length())
                .filter(i -> number(i) > largest || number(i) < -largest)
                .findFirst();
    }

    /** Puts the element that a whole number stands for. */
    public void set(int index, long number) {
        if (isOfInts()) {
            ints[index] = (int) number;
        } else {
            longs[index] = modulus.element(number);
        }
    }

    /** Adds a whole number to an element. */
    public void add(int index, long number) {
        if (isOfInts()) {
            ints[index] += (int) number;
        } else {
            longs[index] = sum(longs[index], modulus.element(number));
        }
    }

    /**
     * Adds a vector of the same ring and length.
     *
     * @throws IllegalArgumentException if it is of another
     */
    public void add(RingVector other) {
        if (!other.modulus.equals(modulus) || other.length() != length()) {
            throw new IllegalArgumentException(
                    "vectors that are added must have the same modulus and length. Provided: " + modulus + " x "
                            + length() + ", " + other.modulus + " x " + other.length());
        }
        for (int i = 0; i < ints.length; i++) {
            ints[i] += other.ints[i];
        }
        for (int i = 0; i < longs.length; i++) {
            longs[i] = sum(longs[i], other.longs[i]);
        }
    }

    /** A copy of its own. */
    public RingVector copy() {
        return new RingVector(modulus, ints.clone(), longs.clone());
    }

    void wipe() {
        Arrays.fill(ints, 0);
        Arrays.fill(longs, 0);
    }

    boolean isOfInts() {
        return ints.length > 0;
    }

    /** Adds {@code more} and the little-endian words of {@link #MASKS_AT_ONCE} masks; for 2^32 and 2^64. */
    void addWords(byte[][] masks, int more, int from, int count) {
        if (isOfInts()) {
            addInts(masks[0], masks[1], masks[2], masks[3], more, from, count);
        } else {
            addLongs(masks[0], masks[1], masks[2], masks[3], more, from, count);
        }
    }

    /** Read from bytes, for then the compiler sees that source and target cannot overlap, and adds many at a time. */
    private void addInts(byte[] a, byte[] b, byte[] c, byte[] d, int more, int from, int count) {
        int[] target = ints;
        for (int i = 0; i < count; i++) {
            target[from + i] += (int) INTS.get(a, i * Integer.BYTES)
                    + (int) INTS.get(b, i * Integer.BYTES)
                    + (int) INTS.get(c, i * Integer.BYTES)
                    + (int) INTS.get(d, i * Integer.BYTES)
                    + more;
        }
    }

    private void addLongs(byte[] a, byte[] b, byte[] c, byte[] d, long more, int from, int count) {
        long[] target = longs;
        for (int i = 0; i < count; i++) {
            target[from + i] += (long) LONGS.get(a, i * Long.BYTES)
                    + (long) LONGS.get(b, i * Long.BYTES)
                    + (long) LONGS.get(c, i * Long.BYTES)
                    + (long) LONGS.get(d, i * Long.BYTES)
                    + more;
        }
    }

    /** Adds {@code sign} times each of the first {@code count} elements from {@code from} on; for other moduli. */
    void addElements(long[] elements, int from, int sign, int count) {
        for (int i = 0; i < count; i++) {
            long element = sign > 0 ? elements[i] : modulus.value() - elements[i];
            longs[from + i] = sum(longs[from + i], element);
        }
    }

    /** For a below the modulus and b from 0 to the modulus. */
    private long sum(long a, long b) {
        if (modulus.value() == 0) {
            return a + b;
        }
        long less = a - (modulus.value() - b);
        return less + (modulus.value() & (less >> (Long.SIZE - 1)));
    }

    private void readNarrow(ByteBuffer buffer, int width) {
        for (int i = 0; i < longs.length; i++) {
            long element = 0;
            for (int j = 0; j < width; j++) {
                element |= (buffer.get() & 0xffL) << (Byte.SIZE * j);
            }
            longs[i] = element;
        }
    }

    private void requireElements() {
        for (long element : longs) {
            if (modulus.value() != 0 && (element < 0 || element >= modulus.value())) {
                throw new IllegalArgumentException("elements must be less than the modulus " + modulus);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RingVector vector
                && vector.modulus.equals(modulus)
                && Arrays.equals(vector.ints, ints)
                && Arrays.equals(vector.longs, longs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ints) + Arrays.hashCode(longs);
    }

    @Override
    public String toString() {
        return length() + " elements modulo " + modulus;
    }
}
