package dev.tacita.core.learning;

import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.Quantization;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** An update whose norm has been decided on: clipped, or knowingly left as it is. */
public final class ClippedUpdate {
    private static final int BLOCK = 4096;

    private final float[] values;
    private final long weight;

    ClippedUpdate(float[] values, long weight) {
        this.values = values;
        this.weight = weight;
    }

    /**
     * With noise on its values.
     *
     * @param mechanism replaces the values of the array that it is given by noisy ones
     */
    public ClippedUpdate withNoise(Consumer<float[]> mechanism) {
        float[] noisy = values.clone();
        mechanism.accept(noisy);
        return new ClippedUpdate(noisy, weight);
    }

    /** How many examples it counts for. */
    public long weight() {
        return weight;
    }

    /** Its values, shared: for the site's own code only. */
    public float[] valuesInTheClear() {
        return values;
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

    /**
     * As numbers of few bits for a sum under secure aggregation.
     *
     * @param random decides which way each is rounded; nobody else may know its draws
     * @throws NotEncodableException if a value is not a number or beyond the limit, or the weight beyond the largest
     */
    public QuantizedUpdate quantize(Quantization quantization, RandomGenerator random) {
        if (weight > Math.min(quantization.maxWeight(), quantization.largest())) {
            throw new NotEncodableException("the weight must be <= "
                    + Math.min(quantization.maxWeight(), quantization.largest()) + ". Provided value: " + weight);
        }
        int[] numbers = new int[1 + values.length];
        numbers[0] = Math.toIntExact(weight);
        byte[] draws = new byte[Quantization.DRAW_BYTES * Math.min(BLOCK, values.length)];
        for (int from = 0; from < values.length; from += BLOCK) {
            int count = Math.min(BLOCK, values.length - from);
            random.nextBytes(draws);
            int encoded = quantization.encode(values, from, count, weight, draws, numbers, 1 + from);
            if (encoded < count) {
                throw new NotEncodableException("each value of an update must be a number within +-"
                        + quantization.limit() + ". Provided value: " + values[from + encoded] + " at index "
                        + (from + encoded) + "; clip the update, or training has diverged");
            }
        }
        return new QuantizedUpdate(numbers);
    }
}
