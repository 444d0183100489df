package dev.tacita.client;

import java.util.List;

/**
 * How a byte becomes an input: {@code (byte / 255 - mean) / deviation}, one mean and one deviation for each channel.
 *
 * @param mean as many as there are channels, or one for all
 * @param deviation as many, each above 0
 */
public record PixelScale(List<Double> mean, List<Double> deviation) {
    /** From 0 to 1. */
    public static final PixelScale UNIT = new PixelScale(List.of(0.0), List.of(1.0));

    public PixelScale {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.isEmpty() || mean.size() != deviation.size()) {
            throw new IllegalArgumentException("mean and deviation must be of the same length, at least 1."
                    + " Provided values: " + mean + ", " + deviation);
        }
        if (!deviation.stream().allMatch(value -> value > 0)) {
            throw new IllegalArgumentException("deviation must be > 0. Provided value: " + deviation);
        }
    }

    /** The input for each of the 256 bytes. */
    float[] of(int channel) {
        int index = Math.min(channel, mean.size() - 1);
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i / 255.0 - mean.get(index)) / deviation.get(index));
        }
        return values;
    }
}
