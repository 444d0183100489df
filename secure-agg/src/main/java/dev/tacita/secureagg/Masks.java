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

    private final List<Mask> masks = new ArrayList<>();

    /** The mask of a key of 32 bytes, to be added. Takes the key over: it is wiped when the masks have been applied. */
    public void add(byte[] key) {
        masks.add(new Mask(key, true));
    }

    /** The mask of a key of 32 bytes, to be taken away. Takes the key over likewise. */
    public void subtract(byte[] key) {
        masks.add(new Mask(key, false));
    }

    /** Applies all of them, and forgets them. */
    public void applyTo(RingVector vector, Workers workers) {
        int segments = (vector.length() + SEGMENT - 1) / SEGMENT;
        boolean isWhole = vector.modulus().value() == 0 || vector.isOfInts();
        workers.run(segments, () -> isWhole ? new WordsTool(vector) : new ElementsTool(vector));
        masks.forEach(mask -> Arrays.fill(mask.key, (byte) 0));
        masks.clear();
    }

    private static final class Mask {
        private final byte[] key;
        private final boolean isAdded;

        Mask(byte[] key, boolean isAdded) {
            this.key = key;
            this.isAdded = isAdded;
        }
    }

    private abstract static class Tool implements IntConsumer {
        final RingVector vector;

        Tool(RingVector vector) {
            this.vector = vector;
        }

        @Override
        public void accept(int segment) {
            int from = segment * SEGMENT;
            apply(segment, from, Math.min(vector.length(), from + SEGMENT));
        }

        abstract void apply(int segment, int from, int to);
    }

    /**
     * For moduli all of whose words are elements. A block of the vector stays in the cache nearest to the processor while many
     * masks are added to it, four at a time. To take a word w away, -w - 1 is added, and then 1.
     */
    private final class WordsTool extends Tool {
        private static final int CIPHERS = 32;
        private static final byte[] NONE = new byte[MaskCipher.BLOCK];

        private final int width;
        private final List<MaskCipher> ciphers = new ArrayList<>();
        private final byte[][] streams = new byte[RingVector.MASKS_AT_ONCE][MaskCipher.BLOCK];
        private final byte[][] applied = new byte[RingVector.MASKS_AT_ONCE][];

        WordsTool(RingVector vector) {
            super(vector);
            width = vector.modulus().bytes();
            for (int i = 0; i < Math.min(CIPHERS, masks.size()); i++) {
                ciphers.add(new MaskCipher());
            }
        }

        @Override
        void apply(int segment, int from, int to) {
            int elements = MaskCipher.BLOCK / width;
            for (int first = 0; first < masks.size(); first += CIPHERS) {
                List<Mask> batch = masks.subList(first, Math.min(masks.size(), first + CIPHERS));
                for (int i = 0; i < batch.size(); i++) {
                    ciphers.get(i).start(batch.get(i).key, segment);
                }
                for (int at = from; at < to; at += elements) {
                    applyToBlock(batch, at, Math.min(elements, to - at));
                }
            }
        }

        private void applyToBlock(List<Mask> batch, int at, int taken) {
            for (int next = 0; next < batch.size(); next += applied.length) {
                int takenAway = 0;
                for (int i = 0; i < applied.length; i++) {
                    if (next + i == batch.size()) {
                        Arrays.fill(applied, i, applied.length, NONE);
                        break;
                    }
                    applied[i] = streams[i];
                    if (batch.get(next + i).isAdded) {
                        ciphers.get(next + i).next(streams[i], width * taken);
                    } else {
                        ciphers.get(next + i).nextInverted(streams[i], width * taken);
                        takenAway++;
                    }
                }
                vector.addWords(applied, takenAway, at, taken);
            }
        }
    }

    private final class ElementsTool extends Tool {
        private final MaskCipher cipher = new MaskCipher();
        private final byte[] stream = new byte[MaskCipher.BLOCK];
        private final long[] elements = new long[MaskCipher.BLOCK / Long.BYTES];
        private final LongBuffer view =
                ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();

        ElementsTool(RingVector vector) {
            super(vector);
        }

        @Override
        void apply(int segment, int from, int to) {
            for (Mask mask : masks) {
                cipher.start(mask.key, segment);
                for (int at = from; at < to; ) {
                    cipher.next(stream, stream.length);
                    int kept = keepElements(to - at);
                    vector.addElements(elements, at, mask.isAdded ? 1 : -1, kept);
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
