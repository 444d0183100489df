package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What somebody else reports of the same study, to be shown beside what came of it here.
 *
 * @param source who, as a reader can find it; empty if there is nothing
 * @param figures by population and run
 */
record Published(String source, Map<String, Map<String, Figure>> figures) {
    /** Nothing. */
    static final Published NOTHING = new Published("", Map.of());

    /**
     * What is reported of one run on one population.
     *
     * @param accuracy on all test rows at the end, from 0 to 1
     * @param bestAccuracy the highest on all test rows that any round had, from 0 to 1
     * @param rounds to the target, at least 1
     */
    record Figure(OptionalDouble accuracy, OptionalDouble bestAccuracy, OptionalInt rounds) {
        Figure {
            if (accuracy.isEmpty() && bestAccuracy.isEmpty() && rounds.isEmpty()) {
                throw new IllegalArgumentException(
                        "a published figure needs an accuracy, a best-accuracy, or rounds. Provided: none");
            }
        }
    }

    Published {
        requireNonNull(source, "source is null");
        Map<String, Map<String, Figure>> copy = new LinkedHashMap<>();
        figures.forEach((population, runs) -> copy.put(population, Map.copyOf(runs)));
        figures = Collections.unmodifiableMap(copy);
    }

    /** Of a run that is one of those of lists of numbers, also what is said of all of them. */
    Optional<Figure> of(String population, String run) {
        Map<String, Figure> runs = figures.getOrDefault(population, Map.of());
        return Optional.ofNullable(runs.get(run)).or(() -> Optional.ofNullable(runs.get(asWritten(run))));
    }

    /** The name of a run as the study has it, without the numbers taken from lists. */
    static String asWritten(String run) {
        int numbers = run.indexOf(' ');
        return numbers < 0 ? run : run.substring(0, numbers);
    }

    boolean isAbout(String population) {
        return figures.containsKey(population);
    }
}
