package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A number of one way of training as it goes on, over seeds.
 *
 * @param name of the way of training
 * @param points in the order of their rounds
 */
record Curve(String name, List<Point> points) {
    /**
     * What a round came to.
     *
     * @param at where it lies: its number, or the mean of its virtual seconds
     * @param seeds how many had got so far
     */
    record Point(double at, double least, double mean, double most, int seeds) {}

    Curve {
        points = List.copyOf(points);
    }

    /**
     * One column of {@code results.csv} against another; rounds without a number in both are left out.
     *
     * @param at column by which points lie, such as {@code round}
     * @param column what is drawn, such as {@code test_accuracy}
     */
    static Curve of(String name, List<CellResult> seeds, String at, String column) {
        Map<Double, List<double[]>> byRound = new TreeMap<>();
        for (CellResult each : seeds) {
            double[] rounds = each.numbers("round");
            double[] places = each.numbers(at);
            double[] values = each.numbers(column);
            for (int i = 0; i < rounds.length; i++) {
                if (Double.isFinite(places[i]) && Double.isFinite(values[i])) {
                    byRound.computeIfAbsent(rounds[i], round -> new ArrayList<>())
                            .add(new double[] {places[i], values[i]});
                }
            }
        }
        List<Point> points = new ArrayList<>();
        byRound.forEach((round, values) -> points.add(new Point(
                values.stream().mapToDouble(value -> value[0]).average().orElseThrow(),
                values.stream().mapToDouble(value -> value[1]).min().orElseThrow(),
                values.stream().mapToDouble(value -> value[1]).average().orElseThrow(),
                values.stream().mapToDouble(value -> value[1]).max().orElseThrow(),
                values.size())));
        return new Curve(name, points);
    }
}
