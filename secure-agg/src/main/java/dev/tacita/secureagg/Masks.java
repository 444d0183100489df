package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Masks to be added to or taken from one vector. They are expanded and added in one pass: a segment of the vector stays
 * in the cache while all masks are added to it, and segments are independent of each other.
 *
 * <p>A mask's elements are uniform over the ring: whole words where the modulus is a power of two, and words below it, the
 * others thrown away, where it is not.
 */
public final class Masks {
    /** Elements that are masked in one go; segments are the pieces that workers share. */
    public static final int SEGMENT = 1 << 16;

    private final List<byte[]> added = new ArrayList<>();
    private final List<byte[]> subtracted = new ArrayList<>();

    /** The mask of a key of 32 bytes, to be added. Takes the key over: it is wiped when the masks have been applied. */
    public void add(byte[] key) {
        added.add(key);
    }

    /** The mask of a key of 32 bytes, to be taken away. Takes the key over likewise. */
    public void subtract(byte[] key) {
        subtracted.add(key);
    }

    /** Applies all of them, and forgets them. */
    public void applyTo(RingVector vector, Workers workers) {
        int segments = (vector.length() + SEGMENT - 1) / SEGMENT;
        boolean isWhole = vector.modulus().value() == 0 || vector.isOfInts();
        workers.run(segments, () -> isWhole ? new WordsTool(vector) : new ElementsTool(vector));
        for (List<byte[]> keys : List.of(added, subtracted)) {
            keys.forEach(key -> Arrays.fill(key, (byte) 0));
            keys.clear();
        }
    }

    private abstract class Tool implements IntConsumer {
        final RingVector vector;
        final MaskCipher cipher = new MaskCipher();
        final byte[] stream = new byte[MaskCipher.BLOCK];

        Tool(RingVector vector) {
            this.vector = vector;
        }

        @Override
        public void accept(int segment) {
            int from = segment * SEGMENT;
            int to = Math.min(vector.length(), from + SEGMENT);
            apply(added, 1, segment, from, to);
            apply(subtracted, -1, segment, from, to);
        }

        abstract void apply(List<byte[]> keys, int sign, int segment, int from, int to);
    }

    /** For moduli all of whose words are elements: two masks at a time, which halves the trips to the vector. */
    private final class WordsTool extends Tool {
        private final int width;
        private final MaskCipher second = new MaskCipher();
        private final byte[] secondStream = new byte[MaskCipher.BLOCK];
        private final byte[] zeros = new byte[MaskCipher.BLOCK];

        WordsTool(RingVector vector) {
            super(vector);
            width = vector.modulus().bytes();
        }

        @Override
        void apply(List<byte[]> keys, int sign, int segment, int from, int to) {
            for (int i = 0; i < keys.size(); i += 2) {
                boolean isPair = i + 1 < keys.size();
                cipher.start(keys.get(i), segment);
                if (isPair) {
                    second.start(keys.get(i + 1), segment);
                }
                for (int at = from; at < to; at += stream.length / width) {
                    int taken = Math.min(to - at, stream.length / width);
                    cipher.next(stream, width * taken);
                    if (isPair) {
                        second.next(secondStream, width * taken);
                    }
                    vector.addWords(stream, isPair ? secondStream : zeros, at, sign, taken);
                }
            }
        }
    }

    private final class ElementsTool extends Tool {
        private final long[] elements = new long[MaskCipher.BLOCK / Long.BYTES];
        private final LongBuffer view =
                ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();

        ElementsTool(RingVector vector) {
            super(vector);
        }

        @Override
        void apply(List<byte[]> keys, int sign, int segment, int from, int to) {
            for (byte[] key : keys) {
                cipher.start(key, segment);
                for (int at = from; at < to; ) {
                    cipher.next(stream, stream.length);
                    int kept = keepElements(to - at);
                    vector.addElements(elements, at, sign, kept);
                    at += kept;
                }
            }
        }

        private int keepElements(int most) {
            view.get(0, elements);
            int unused = Long.SIZE - vector.modulus().bits();
            int kept = 0;
            for (int i = 0; i < elements.length && kept < most; i++) {
                long drawn = elements[i] >>> unused;
                if (drawn < vector.modulus().value()) {
                    elements[kept++] = drawn;
                }
            }
            return kept;
        }
    }
}
