package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What came of a cell, as its files say.
 *
 * @param cell which
 * @param ended in one sentence
 * @param reached the round in which the target was reached first, if there is a target and it was
 * @param last accuracy on all test rows together when it was measured last; NaN if it never was
 * @param lastMeanOfSites mean of the test sets' accuracies then; NaN if it never was measured
 * @param best the largest accuracy on all test rows together; NaN if it never was measured
 * @param rounds lines of {@code results.csv}
 * @param sites lines of {@code sites.csv}
 */
public record CellResult(
        Cell cell,
        String ended,
        OptionalInt reached,
        double last,
        double lastMeanOfSites,
        double best,
        List<String> rounds,
        List<String> sites) {
    public CellResult {
        requireNonNull(cell, "cell is null");
        requireNonNull(ended, "ended is null");
        requireNonNull(reached, "reached is null");
        rounds = List.copyOf(rounds);
        sites = List.copyOf(sites);
    }

    /** The last number in this column of {@code results.csv}; NaN if there is none. */
    double last(String column) {
        double[] numbers = numbers(column);
        for (int i = numbers.length - 1; i >= 0; i--) {
            if (!Double.isNaN(numbers[i])) {
                return numbers[i];
            }
        }
        return Double.NaN;
    }

    /** The numbers in this column of {@code results.csv}, round by round; NaN where there is none. */
    double[] numbers(String column) {
        int index = List.of(CellRun.ROUND_COLUMNS.split(",")).indexOf(column);
        return rounds.stream()
                .map(line -> line.split(",", -1)[index])
                .mapToDouble(text -> text.isEmpty() ? Double.NaN : Double.parseDouble(text))
                .toArray();
    }

    /** The first round after which the accuracy on all test rows was at least so large. */
    OptionalInt roundOf(double accuracy) {
        double[] accuracies = numbers("test_accuracy");
        double[] numbers = numbers("round");
        return IntStream.range(0, numbers.length)
                .filter(i -> accuracies[i] >= accuracy)
                .map(i -> (int) numbers[i])
                .findFirst();
    }
}
