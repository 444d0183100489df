package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
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

    private record Mask(byte[] key, int sign) {}

    /** The mask of a key of 32 bytes, to be added. Takes the key over: it is wiped when the masks have been applied. */
    public void add(byte[] key) {
        masks.add(new Mask(key, 1));
    }

    /** The mask of a key of 32 bytes, to be taken away. Takes the key over likewise. */
    public void subtract(byte[] key) {
        masks.add(new Mask(key, -1));
    }

    /** Applies all of them, and forgets them. */
    public void applyTo(RingVector vector, Workers workers) {
        int segments = (vector.length() + SEGMENT - 1) / SEGMENT;
        workers.run(segments, () -> vector.isOfInts() ? new IntsTool(vector) : new LongsTool(vector));
        masks.forEach(mask -> Arrays.fill(mask.key(), (byte) 0));
        masks.clear();
    }

    private abstract class Tool implements IntConsumer {
        final RingVector vector;
        final MaskCipher cipher = new MaskCipher();
        final byte[] stream = new byte[MaskCipher.BLOCK];
        final ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);

        Tool(RingVector vector) {
            this.vector = vector;
        }

        @Override
        public void accept(int segment) {
            int from = segment * SEGMENT;
            int to = Math.min(vector.length(), from + SEGMENT);
            for (Mask mask : masks) {
                cipher.start(mask.key(), segment);
                for (int at = from; at < to; ) {
                    at += addBlock(at, to - at, mask.sign());
                }
            }
        }

        /** Adds the elements of the next block, at most {@code count}; returns how many. */
        abstract int addBlock(int at, int count, int sign);
    }

    private final class IntsTool extends Tool {
        private final int[] words = new int[MaskCipher.BLOCK / Integer.BYTES];
        private final IntBuffer view = bytes.asIntBuffer();

        IntsTool(RingVector vector) {
            super(vector);
        }

        @Override
        int addBlock(int at, int count, int sign) {
            int taken = Math.min(count, words.length);
            cipher.next(stream, Integer.BYTES * taken);
            view.get(0, words, 0, taken);
            vector.addInts(words, at, sign, taken);
            return taken;
        }
    }

    private final class LongsTool extends Tool {
        private final long[] words = new long[MaskCipher.BLOCK / Long.BYTES];
        private final LongBuffer view = bytes.asLongBuffer();

        LongsTool(RingVector vector) {
            super(vector);
        }

        @Override
        int addBlock(int at, int count, int sign) {
            if (vector.modulus().value() == 0) {
                int taken = Math.min(count, words.length);
                cipher.next(stream, Long.BYTES * taken);
                view.get(0, words, 0, taken);
                vector.addLongs(words, at, sign, taken);
                return taken;
            }
            cipher.next(stream, stream.length);
            view.get(0, words);
            int taken = keepElements(count);
            vector.addLongs(words, at, sign, taken);
            return taken;
        }

        private int keepElements(int most) {
            int unused = Long.SIZE - vector.modulus().bits();
            int kept = 0;
            for (int i = 0; i < words.length && kept < most; i++) {
                long drawn = words[i] >>> unused;
                if (drawn < vector.modulus().value()) {
                    words[kept++] = drawn;
                }
            }
            return kept;
        }
    }
}
