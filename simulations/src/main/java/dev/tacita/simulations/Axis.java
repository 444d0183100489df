package dev.tacita.simulations;

/**
 * What the height of a point says.
 *
 * @param title for people
 * @param column of {@code results.csv}
 * @param bottom the lowest that is drawn, but for lower points
 * @param top the highest that is drawn; NaN for that of the points
 */
record Axis(String title, String column, double bottom, double top) {
    static final Axis ACCURACY = new Axis("test accuracy", "test_accuracy", Double.NaN, 1);
    static final Axis COSINE = new Axis("cosine between updates", "update_cosine", 0, 1);
    static final Axis LOSS = new Axis("test loss", "test_loss", 0, Double.NaN);

    /** The range that shows all of these values, ends in whole tenths of its size. */
    Range over(double least, double most) {
        double low = Double.isNaN(bottom) ? least : Math.min(bottom, least);
        double high = Double.isNaN(top) ? most : Math.max(top, most);
        double step = Math.pow(10, Math.floor(Math.log10(Math.max(high - low, 1e-9))));
        double from = step * Math.floor(low / step);
        double to = step * Math.ceil(high / step);
        return new Range(from, to > from ? to : from + step);
    }

    /** From the bottom to the top of a figure. */
    record Range(double from, double to) {
        double share(double value) {
            return (value - from) / (to - from);
        }
    }
}
