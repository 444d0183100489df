package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Test accuracy of one way of training as it goes on, over seeds.
 *
 * @param name of the way of training
 * @param points in the order of their rounds
 */
record Curve(String name, List<Point> points) {
    private static final int ROUND = 3;
    private static final int TEST_ACCURACY = 10;
    private static final int VIRTUAL_SECONDS =
            List.of(CellRun.ROUND_COLUMNS.split(",")).indexOf("virtual_seconds");

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

    /** By round. */
    static Curve of(String name, List<CellResult> seeds) {
        return of(name, seeds, ROUND);
    }

    /** By seconds on the population's clock; of a population without one there are no points. */
    static Curve byTime(String name, List<CellResult> seeds) {
        return of(name, seeds, VIRTUAL_SECONDS);
    }

    private static Curve of(String name, List<CellResult> seeds, int place) {
        Map<Integer, List<double[]>> byRound = new TreeMap<>();
        for (CellResult each : seeds) {
            for (String line : each.rounds()) {
                String[] cells = line.split(",", -1);
                if (!cells[TEST_ACCURACY].isEmpty() && !cells[place].isEmpty()) {
                    byRound.computeIfAbsent(Integer.valueOf(cells[ROUND]), round -> new ArrayList<>())
                            .add(new double[] {
                                Double.parseDouble(cells[place]), Double.parseDouble(cells[TEST_ACCURACY])
                            });
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
