package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Test accuracy by round of one way of training, over seeds.
 *
 * @param name of the way of training
 * @param points ascending by round
 */
record Curve(String name, List<Point> points) {
    private static final int ROUND = 3;
    private static final int TEST_ACCURACY = 10;

    /** @param seeds how many had got so far */
    record Point(int round, double least, double mean, double most, int seeds) {}

    Curve {
        points = List.copyOf(points);
    }

    static Curve of(String name, List<CellResult> seeds) {
        Map<Integer, List<Double>> byRound = new TreeMap<>();
        for (CellResult each : seeds) {
            for (String line : each.rounds()) {
                String[] cells = line.split(",", -1);
                if (!cells[TEST_ACCURACY].isEmpty()) {
                    byRound.computeIfAbsent(Integer.valueOf(cells[ROUND]), round -> new ArrayList<>())
                            .add(Double.valueOf(cells[TEST_ACCURACY]));
                }
            }
        }
        List<Point> points = new ArrayList<>();
        byRound.forEach((round, values) -> points.add(new Point(
                round,
                values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                values.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
                values.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                values.size())));
        return new Curve(name, points);
    }
}
