package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Evaluation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Ranges of what a site says, which strangers write and people, logs and sums take in. Sums of as many sites as there
 * can be stay finite and do not wrap.
 */
final class Limits {
    /** The longest name of a session, version, dataset or class, in characters. */
    private static final int LONGEST_NAME = 256;

    private static final int LONGEST_SENTENCE = 1024;
    private static final int MOST_SENTENCES = 64;
    private static final int MOST_DATASETS = 1024;
    private static final int MOST_CLASSES = 4096;
    private static final long MOST_EXAMPLES = 1L << 40;
    private static final double LARGEST_SUM = 1e100;
    private static final double MOST_SECONDS = 1e9;

    private Limits() {}

    static void name(String name, String value) {
        text(name, value, LONGEST_NAME);
    }

    static void sentences(String name, List<String> values) {
        if (values.isEmpty() || values.size() > MOST_SENTENCES) {
            throw new IllegalArgumentException(
                    name + " must be 1 to " + MOST_SENTENCES + ". Provided number: " + values.size());
        }
        values.forEach(value -> text(name, value, LONGEST_SENTENCE));
    }

    static void datasets(List<SiteMessage.DatasetOffer> datasets) {
        atMost("the number of datasets", datasets.size(), MOST_DATASETS);
    }

    static void classCounts(Map<String, Long> counts) {
        atMost("the number of classes", counts.size(), MOST_CLASSES);
        counts.forEach((name, count) -> {
            name("the name of a class", name);
            examples("the count of a class", count);
        });
    }

    static void examples(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be >= 0. Provided value: " + value);
        }
        atMost(name, value, MOST_EXAMPLES);
    }

    static void seconds(double value) {
        if (!(value >= 0 && value <= MOST_SECONDS)) {
            throw new IllegalArgumentException("seconds must be >= 0 and <= 1e9. Provided value: " + value);
        }
    }

    static void epsilon(OptionalDouble epsilon) {
        requireNonNull(epsilon, "epsilon is null");
        epsilon.ifPresent(value -> {
            if (!(value >= 0 && value <= LARGEST_SUM)) {
                throw new IllegalArgumentException("epsilon must be >= 0 and <= 1e100. Provided value: " + value);
            }
        });
    }

    static void sites(int sites, int cohort) {
        if (sites < cohort) {
            throw new IllegalArgumentException(
                    "sites must be >= the " + cohort + " of the cohort. Provided value: " + sites);
        }
    }

    static void evaluation(String name, Optional<Evaluation> evaluation) {
        requireNonNull(evaluation, () -> name + " is null");
        evaluation.ifPresent(each -> {
            examples("the examples of " + name, each.examples());
            if (!isSum(each.lossSum())) {
                throw new IllegalArgumentException("the sum of losses of " + name
                        + " must be finite and within +-1e100. Provided value: " + each.lossSum());
            }
        });
    }

    static boolean isSum(double value) {
        return Math.abs(value) <= LARGEST_SUM;
    }

    private static void atMost(String name, long value, long most) {
        if (value > most) {
            throw new IllegalArgumentException(name + " must be <= " + most + ". Provided value: " + value);
        }
    }

    private static void text(String name, String value, int longest) {
        requireNonNull(value, () -> name + " is null");
        if (value.length() > longest) {
            throw new IllegalArgumentException(
                    name + " must have <= " + longest + " characters. Provided length: " + value.length());
        }
        if (!value.codePoints().allMatch(Limits::isPrintable)) {
            throw new IllegalArgumentException(name + " must be printable characters in one line");
        }
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
