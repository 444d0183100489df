package dev.tacita.core.aggregation;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Values around a centre. */
final class Nearest {
    private Nearest() {}

    /**
     * The mean of the {@code count} values nearest to the centre; of equally near ones, the earlier.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    static double mean(double centre, double[] values, int count) {
        if (count < 1 || count > values.length) {
            throw new IllegalArgumentException(
                    "count must be 1 to the number of values, " + values.length + ". Provided value: " + count);
        }
        return IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> Math.abs(values[i] - centre)))
                        .limit(count)
                        .mapToDouble(i -> values[i])
                        .sum()
                / count;
    }
}
