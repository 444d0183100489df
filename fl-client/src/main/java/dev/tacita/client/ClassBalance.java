package dev.tacita.client;

import dev.tacita.dp.anonymity.CountTable;
import dev.tacita.dp.anonymity.SmallCounts;
import java.util.ArrayList;
import java.util.Collections;
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
     * Counts are said, but none below {@code smallestCount}: of each of those what is said, with the number of all examples,
     * leaves more than {@code smallestCount} possible values ({@link SmallCounts}), for which further counts are held back. Of
     * more than {@value #MOST_CLASSES} classes nothing is said.
     *
     * @param smallestCount the smallest count that is said, at least 2; metrics of fewer examples are not said either
     */
    record Shared(int smallestCount) implements ClassBalance {
        private static final int MOST_CLASSES = 200;

        public Shared {
            if (smallestCount < 2) {
                throw new IllegalArgumentException(
                        "smallest-count must be >= 2 where class counts are shared. Provided value: " + smallestCount);
            }
        }

        @Override
        public Optional<Map<String, Long>> share(Map<String, Long> counts) {
            if (counts.isEmpty() || counts.size() > MOST_CLASSES) {
                return Optional.empty();
            }
            List<Map.Entry<String, Long>> classes = new ArrayList<>(new TreeMap<>(counts).entrySet());
            CountTable table = CountTable.ofList(
                    classes.stream().mapToLong(Map.Entry::getValue).toArray());
            Map<String, Long> said = new TreeMap<>();
            new SmallCounts(smallestCount, SmallCounts.Zeros.HIDDEN)
                    .publish(table)
                    .ifPresent(published -> {
                        for (int i = 0; i < classes.size(); i++) {
                            String name = classes.get(i).getKey();
                            published.count(0, i).ifPresent(count -> said.put(name, count));
                        }
                    });
            return said.isEmpty() ? Optional.empty() : Optional.of(Collections.unmodifiableMap(said));
        }

        @Override
        public boolean isTooFew(long examples) {
            return examples < smallestCount;
        }
    }
}
