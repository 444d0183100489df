package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Two folders of results side by side: for each population and run that one of them has, what came of it with each seed.
 *
 * @param cells in the order of the first folder, then those that only the second has
 */
public record StudyComparison(List<Cells> cells) {
    /**
     * What came of a run with one seed.
     *
     * @param last the last that was measured; NaN if nothing was
     * @param reached the round in which the target was reached first; empty if it never was
     */
    public record Outcome(double last, OptionalInt reached) {
        public Outcome {
            requireNonNull(reached, "reached is null");
        }
    }

    /**
     * The cells of one population and run.
     *
     * @param first by seed
     * @param second by seed
     */
    public record Cells(
            String population, String run, SortedMap<Long, Outcome> first, SortedMap<Long, Outcome> second) {
        public Cells {
            requireNonNull(population, "population is null");
            requireNonNull(run, "run is null");
            first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
            second = Collections.unmodifiableSortedMap(new TreeMap<>(second));
        }

        /** Second minus first, for each seed that both have a number for. */
        public List<Double> differences() {
            List<Double> differences = new ArrayList<>();
            first.forEach((seed, outcome) -> {
                Outcome other = second.get(seed);
                if (other != null && !Double.isNaN(other.last() - outcome.last())) {
                    differences.add(other.last() - outcome.last());
                }
            });
            return differences;
        }
    }

    public StudyComparison {
        cells = List.copyOf(cells);
    }

    /**
     * Reads two folders that studies have written.
     *
     * @param metric a column of {@code results.csv}, such as {@code test_accuracy}
     * @param target test accuracy, above 0, at most 1; empty for that of the studies
     * @throws IllegalArgumentException if a folder is not of results, or has no such metric
     */
    public static StudyComparison read(Path first, Path second, String metric, OptionalDouble target)
            throws IOException {
        if (target.isPresent() && !(target.getAsDouble() > 0 && target.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    "target must be an accuracy > 0 and <= 1. Provided value: " + target.getAsDouble());
        }
        Map<List<String>, SortedMap<Long, Outcome>> one = outcomes(first, metric, target);
        Map<List<String>, SortedMap<Long, Outcome>> other = outcomes(second, metric, target);
        Set<List<String>> keys = new LinkedHashSet<>(one.keySet());
        keys.addAll(other.keySet());
        return new StudyComparison(keys.stream()
                .map(key -> new Cells(
                        key.get(0),
                        key.get(1),
                        one.getOrDefault(key, new TreeMap<>()),
                        other.getOrDefault(key, new TreeMap<>())))
                .toList());
    }

    private static Map<List<String>, SortedMap<Long, Outcome>> outcomes(
            Path folder, String metric, OptionalDouble target) throws IOException {
        Map<List<String>, SortedMap<Long, Outcome>> outcomes = new LinkedHashMap<>();
        for (Map<String, String> row : ResultsTable.read(folder, "summary.csv").rows()) {
            put(
                    outcomes,
                    row,
                    new Outcome(Double.NaN, whole(target.isEmpty() ? text(row, "round_of_target", folder) : "")));
        }
        for (Map<String, String> row : ResultsTable.read(folder, "results.csv").rows()) {
            Outcome before = Stream.ofNullable(outcomes.get(key(row)))
                    .flatMap(seeds -> Stream.ofNullable(seeds.get(seed(row))))
                    .findFirst()
                    .orElse(new Outcome(Double.NaN, OptionalInt.empty()));
            String value = text(row, metric, folder);
            String accuracy = text(row, "test_accuracy", folder);
            boolean reaches = target.isPresent()
                    && before.reached().isEmpty()
                    && !accuracy.isEmpty()
                    && Double.parseDouble(accuracy) >= target.getAsDouble();
            put(
                    outcomes,
                    row,
                    new Outcome(
                            value.isEmpty() ? before.last() : Double.parseDouble(value),
                            reaches ? whole(text(row, "round", folder)) : before.reached()));
        }
        return outcomes;
    }

    private static void put(
            Map<List<String>, SortedMap<Long, Outcome>> outcomes, Map<String, String> row, Outcome outcome) {
        outcomes.computeIfAbsent(key(row), key -> new TreeMap<>()).put(seed(row), outcome);
    }

    private static List<String> key(Map<String, String> row) {
        return List.of(row.getOrDefault("population", ""), row.getOrDefault("run", ""));
    }

    private static long seed(Map<String, String> row) {
        return Long.parseLong(row.getOrDefault("seed", "0"));
    }

    private static OptionalInt whole(String text) {
        return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    private static String text(Map<String, String> row, String column, Path folder) {
        String text = row.get(column);
        if (text == null) {
            throw new IllegalArgumentException("results must have a column '" + column + "'. Provided: "
                    + String.join(", ", row.keySet()) + " in '" + folder + "'");
        }
        return text;
    }
}
