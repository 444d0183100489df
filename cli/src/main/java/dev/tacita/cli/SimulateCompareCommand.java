package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.simulations.Spread;
import dev.tacita.simulations.StudyComparison;
import dev.tacita.simulations.StudyComparison.Cells;
import dev.tacita.simulations.StudyComparison.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Puts the results of two studies side by side, by population and run.",
            "Means and deviations are over seeds; differences are second minus first, of the seeds that both have."
        })
final class SimulateCompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FIRST", description = "A study's folder of results.")
    private Path first;

    @Parameters(index = "1", paramLabel = "SECOND", description = "Another.")
    private Path second;

    @Option(
            names = "--metric",
            paramLabel = "COLUMN",
            defaultValue = "test_accuracy",
            description = "Which column of results.csv, its last number. Default: ${DEFAULT-VALUE}.")
    private String metric;

    @Option(
            names = "--target",
            paramLabel = "ACCURACY",
            description = "Count the rounds to this test accuracy. Default: to the target of each study.")
    private @Nullable Double target;

    @Option(names = "--json", description = "Print a JSON list.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        StudyComparison comparison;
        try {
            comparison = StudyComparison.read(
                    first, second, metric, target == null ? OptionalDouble.empty() : OptionalDouble.of(target));
        } catch (IllegalArgumentException e) {
            throw new UnusableException(String.valueOf(e.getMessage()));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(comparison));
        } else {
            table(comparison).forEach(out::println);
        }
        out.flush();
        return 0;
    }

    private List<String> table(StudyComparison comparison) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "POPULATION",
                "RUN",
                "FIRST",
                "SECOND",
                "DIFFERENCE",
                "FROM",
                "TO",
                "SEEDS",
                "ROUNDS OF FIRST",
                "ROUNDS OF SECOND"));
        for (Cells cells : comparison.cells()) {
            List<Double> differences = cells.differences();
            rows.add(List.of(
                    cells.population(),
                    cells.run(),
                    spread(cells.first()).toString(),
                    spread(cells.second()).toString(),
                    signed(Spread.of(differences).mean()),
                    differences.isEmpty() ? "-" : signed(Collections.min(differences)),
                    differences.isEmpty() ? "-" : signed(Collections.max(differences)),
                    Integer.toString(differences.size()),
                    rounds(cells.first().values()),
                    rounds(cells.second().values())));
        }
        List<String> lines = new ArrayList<>(Columns.of(rows));
        lines.add(metric + " of " + first + " and of " + second);
        return lines;
    }

    private static Spread spread(Map<Long, Outcome> outcomes) {
        return Spread.of(outcomes.values().stream().map(Outcome::last).toList());
    }

    private static String signed(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%+.4f", value);
    }

    private static String rounds(Collection<Outcome> outcomes) {
        return outcomes.stream().allMatch(outcome -> outcome.reached().isEmpty())
                ? "-"
                : outcomes.stream()
                        .map(outcome -> outcome.reached().isPresent()
                                ? Integer.toString(outcome.reached().getAsInt())
                                : "never")
                        .collect(Collectors.joining(" "));
    }

    private static ArrayNode json(StudyComparison comparison) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Cells cells : comparison.cells()) {
            ObjectNode node =
                    list.addObject().put("population", cells.population()).put("run", cells.run());
            put(node.putObject("first"), cells.first());
            put(node.putObject("second"), cells.second());
            List<Double> differences = cells.differences();
            ObjectNode difference = node.putObject("difference").put("seeds", differences.size());
            if (!differences.isEmpty()) {
                difference
                        .put("mean", Spread.of(differences).mean())
                        .put("deviation", Spread.of(differences).deviation())
                        .put("least", Collections.min(differences))
                        .put("most", Collections.max(differences));
            }
        }
        return list;
    }

    private static void put(ObjectNode node, Map<Long, Outcome> outcomes) {
        Spread spread = spread(outcomes);
        if (!Double.isNaN(spread.mean())) {
            node.put("mean", spread.mean()).put("deviation", spread.deviation());
        }
        ObjectNode seeds = node.putObject("seeds");
        outcomes.forEach((seed, outcome) -> {
            ObjectNode each = seeds.putObject(Long.toString(seed));
            if (!Double.isNaN(outcome.last())) {
                each.put("last", outcome.last());
            }
            outcome.reached().ifPresent(round -> each.put("round_of_target", round));
        });
    }
}
