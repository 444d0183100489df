package dev.tacita.cli;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.server.report.RoundLine;
import java.util.Locale;

/** Test metrics of the final model, a line for each site and one for all rows pooled. */
final class TestTable {
    private TestTable() {}

    static String of(RoundLine test) {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "%-14s %10s %10s %10s%n", "test rows of", "rows", "accuracy", "loss"));
        test.counted()
                .forEach(counted -> counted.test()
                        .ifPresent(
                                evaluation -> table.append(line(counted.site().value(), evaluation))));
        test.test().ifPresent(pooled -> table.append(line("all sites", pooled)));
        return table.toString();
    }

    private static String line(String who, Evaluation evaluation) {
        if (evaluation.examples() == 0) {
            return String.format(Locale.ROOT, "%-14s %10d %10s %10s%n", who, 0, "-", "-");
        }
        return String.format(
                Locale.ROOT,
                "%-14s %,10d %10.4f %10.4f%n",
                who,
                evaluation.examples(),
                evaluation.accuracy(),
                evaluation.loss());
    }
}
