package dev.tacita.core.learning;

import dev.tacita.core.number.FixedPoint;

/**
 * An update every value of which has a word in the run's fixed-point numbers. The words, weight * encode(value), are
 * what is added; a protection decides how they travel.
 */
public final class EncodedUpdate {
    private final float[] values;
    private final long weight;
    private final FixedPoint encoding;

    EncodedUpdate(float[] values, long weight, FixedPoint encoding) {
        this.values = values;
        this.weight = weight;
        this.encoding = encoding;
    }

    /** The number of words. */
    public int size() {
        return values.length;
    }

    /** The number of examples behind it. */
    public long weight() {
        return weight;
    }

    /** The word at {@code index}, modulo 2^64. */
    public long word(int index) {
        return weight * encoding.encode(values[index]);
    }

    /**
     * Ready to be sent with no protection at all: the aggregator, and whoever can read the broker's topics, can read
     * it. Travels as the float32 values, half the size of the words; the receiver computes the words.
     */
    public ProtectedUpdate plainForEveryoneToRead() {
        return new ProtectedUpdate(Protection.PLAIN, weight, values);
    }
}
