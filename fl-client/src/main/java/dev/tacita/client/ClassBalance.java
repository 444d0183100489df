package dev.tacita.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Whether a site says how many training examples of each class it has. */
public sealed interface ClassBalance {
    /** What may be said of these counts; empty if nothing. */
    Optional<Map<String, Long>> share(Map<String, Long> counts);

    /** Whether metrics of so many examples would say too much of one of them. */
    boolean isTooFew(long examples);

    /**
     * No count is said.
     *
     * @param smallestCount metrics of fewer examples are not said either, at least 1; empty means of any number they are
     */
    record Withheld(OptionalLong smallestCount) implements ClassBalance {
        public Withheld {
            if (smallestCount.isPresent() && smallestCount.getAsLong() < 1) {
                throw new IllegalArgumentException(
                        "smallest-count must be >= 1. Provided value: " + smallestCount.getAsLong());
            }
        }

        /** With metrics of any number of examples. */
        public Withheld() {
            this(OptionalLong.empty());
        }

        @Override
        public boolean isTooFew(long examples) {
            return smallestCount.isPresent() && examples < smallestCount.getAsLong();
        }

        @Override
        public Optional<Map<String, Long>> share(Map<String, Long> counts) {
            return Optional.empty();
        }
    }

    /**
     * Counts are said, but none below {@code smallestCount}. What is held back adds up to the number of all examples,
     * which is said, less the counts said; so where that sum would be below it too, the next smallest is held back.
     *
     * @param smallestCount the smallest count that is said, at least 1; metrics of fewer examples are not said either
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
            while (held > 0 && held < rising.size() && sum(rising.subList(0, held)) < smallestCount) {
                held++;
            }
            Map<String, Long> said = new TreeMap<>();
            rising.subList(held, rising.size()).forEach(entry -> said.put(entry.getKey(), entry.getValue()));
            return said.isEmpty() ? Optional.empty() : Optional.of(Collections.unmodifiableMap(said));
        }

        @Override
        public boolean isTooFew(long examples) {
            return examples < smallestCount;
        }

        private static long sum(List<Map.Entry<String, Long>> counts) {
            return counts.stream().mapToLong(Map.Entry::getValue).sum();
        }
    }
}
