package dev.tacita.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether a site says how many training examples of each class it has. */
public sealed interface ClassBalance {
    /** What may be said of these counts; empty if nothing. */
    Optional<Map<String, Long>> share(Map<String, Long> counts);

    /** Nothing is said. */
    record Withheld() implements ClassBalance {
        @Override
        public Optional<Map<String, Long>> share(Map<String, Long> counts) {
            return Optional.empty();
        }
    }

    /**
     * Counts are said, but none below {@code smallestCount}. Where exactly one would be held back it could be
     * computed from the number of all examples, so the next smallest is held back with it.
     *
     * @param smallestCount the smallest count that is said, at least 1
     */
    record Shared(long smallestCount) implements ClassBalance {
        public Shared {
            if (smallestCount < 1) {
                throw new IllegalArgumentException("smallest-count must be >= 1. Provided value: " + smallestCount);
            }
        }

        @Override
        public Optional<Map<String, Long>> share(Map<String, Long> counts) {
            List<Map.Entry<String, Long>> rising = new ArrayList<>(counts.entrySet());
            rising.sort(Comparator.comparing((Map.Entry<String, Long> entry) -> entry.getValue())
                    .thenComparing(Map.Entry::getKey));
            long small = rising.stream()
                    .filter(entry -> entry.getValue() < smallestCount)
                    .count();
            int held = (int) (small == 1 ? Math.min(2, rising.size()) : small);
            Map<String, Long> said = new TreeMap<>();
            rising.subList(held, rising.size()).forEach(entry -> said.put(entry.getKey(), entry.getValue()));
            return said.isEmpty() ? Optional.empty() : Optional.of(Collections.unmodifiableMap(said));
        }
    }
}
