package dev.tacita.simulations;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Mean and population standard deviation of what was measured.
 *
 * @param mean NaN of nothing
 * @param deviation NaN of nothing
 * @param count of how many numbers
 */
public record Spread(double mean, double deviation, int count) {
    /** Of one number of each result; those without it are left out. */
    public static Spread of(List<CellResult> results, ToDoubleFunction<CellResult> number) {
        return of(results.stream().map(number::applyAsDouble).toList());
    }

    /** Of numbers; those that are NaN are left out. */
    public static Spread of(List<Double> numbers) {
        double[] values = numbers.stream()
                .mapToDouble(Double::doubleValue)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double variance = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(Double.NaN);
        return new Spread(mean, Math.sqrt(variance), values.length);
    }

    /** Such as {@code 0.7528 +- 0.0182}; {@code 0.7528} of one number; {@code -} of nothing. */
    @Override
    public String toString() {
        return switch (count) {
            case 0 -> "-";
            case 1 -> String.format(Locale.ROOT, "%.4f", mean);
            default -> String.format(Locale.ROOT, "%.4f +- %.4f", mean, deviation);
        };
    }
}
