package dev.tacita.core.trees;

import java.util.List;
import java.util.stream.IntStream;

/** What the numbers of an input are called. */
final class FeatureNames {
    private FeatureNames() {}

    /** These; or numbered ones if there are none. */
    static List<String> of(TreeEnsemble ensemble, List<String> names) {
        if (names.isEmpty()) {
            return IntStream.rangeClosed(1, ensemble.features())
                    .mapToObj(number -> "input " + number)
                    .toList();
        }
        if (names.size() != ensemble.features()) {
            throw new IllegalArgumentException("there must be a name for each of the " + ensemble.features()
                    + " numbers of an input. Provided value: " + names.size() + " names");
        }
        return names;
    }
}
