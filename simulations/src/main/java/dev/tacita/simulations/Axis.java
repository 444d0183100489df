package dev.tacita.simulations;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What the height of a point says.
 *
 * @param title for people
 * @param column of {@code results.csv}
 * @param bottom the lowest that is drawn, but for lower points
 * @param top the highest that is drawn; NaN for that of the points
 */
record Axis(String title, String column, double bottom, double top) {
    private static final int LINES = 5;
    private static final List<Double> STEPS = List.of(1.0, 2.0, 2.5, 5.0);

    static final Axis ACCURACY = new Axis("test accuracy", "test_accuracy", Double.NaN, 1);
    static final Axis COSINE = new Axis("cosine between updates", "update_cosine", 0, 1);
    static final Axis LOSS = new Axis("test loss", "test_loss", 0, Double.NaN);

    /** The range that shows all of these values, with about five lines at round numbers. */
    Range over(double least, double most) {
        double low = Double.isNaN(bottom) ? least : Math.min(bottom, least);
        double high = Math.max(Double.isNaN(top) ? most : Math.max(top, most), low + 1e-6);
        double rough = (high - low) / LINES;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = STEPS.stream()
                .mapToDouble(each -> each * power)
                .filter(each -> each >= rough * (1 - 1e-9))
                .findFirst()
                .orElse(10 * power);
        return new Range(step * Math.floor(low / step + 1e-9), step * Math.ceil(high / step - 1e-9), step);
    }

    /** From the bottom to the top of a figure, with a line at each step. */
    record Range(double from, double to, double step) {
        double share(double value) {
            return (value - from) / (to - from);
        }

        double[] lines() {
            return IntStream.rangeClosed(0, (int) Math.round((to - from) / step))
                    .mapToDouble(i -> from + i * step)
                    .toArray();
        }
    }
}
