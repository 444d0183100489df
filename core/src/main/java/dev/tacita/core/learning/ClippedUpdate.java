package dev.tacita.core.learning;

import dev.tacita.core.number.FixedPoint;

/** An update whose norm has been decided on: clipped, or knowingly left as it is. */
public final class ClippedUpdate {
    private final float[] values;
    private final long weight;

    ClippedUpdate(float[] values, long weight) {
        this.values = values;
        this.weight = weight;
    }

    /**
     * Shown to lie within the numbers in which sums are exact.
     *
     * @throws NotEncodableException if a value is not a number or beyond the limit, or the weight too large
     */
    public EncodedUpdate encode(FixedPoint encoding) {
        if (weight > encoding.maxTotalWeight()) {
            throw new NotEncodableException(
                    "the weight must be <= " + encoding.maxTotalWeight() + ". Provided value: " + weight);
        }
        for (int i = 0; i < values.length; i++) {
            if (!encoding.accepts(values[i])) {
                throw new NotEncodableException("each value of an update must be a number within +-" + encoding.limit()
                        + ". Provided value: " + values[i] + " at index " + i
                        + "; training has diverged, or needs a smaller learning rate");
            }
        }
        return new EncodedUpdate(values, weight, encoding);
    }
}
