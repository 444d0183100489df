package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** The tables of a population in a study's report. */
final class ReportTables {
    /** Columns of {@code results.csv} whose last numbers are shown where there are any, with their titles. */
    private static final Map<String, String> MORE_COLUMNS = new LinkedHashMap<>();

    private static final Map<String, String> FAIRNESS_COLUMNS = new LinkedHashMap<>();
    /** Parts of the best accuracy of a population, for studies without a target. */
    private static final double[] PARTS_OF_BEST = {.9, .95, .99};

    static {
        MORE_COLUMNS.put("virtual_seconds", "virtual seconds");
        MORE_COLUMNS.put("backdoor_success", "success of the backdoor");
        MORE_COLUMNS.put("epsilon", "epsilon");
        MORE_COLUMNS.put("site_upload_bytes", "bytes a site sends in a round");
        MORE_COLUMNS.put("site_download_bytes", "bytes it receives");
        FAIRNESS_COLUMNS.put("mean_site_accuracy", "mean");
        FAIRNESS_COLUMNS.put("worst_site_accuracy", "worst site");
        FAIRNESS_COLUMNS.put("tenth_percentile_site_accuracy", "10th percentile");
        FAIRNESS_COLUMNS.put("variance_site_accuracy", "variance");
    }

    private final Study study;
    private final String population;
    private final Map<String, List<CellResult>> seedsOfRuns = new LinkedHashMap<>();

    /** @param results of this population and of others */
    ReportTables(Study study, String population, List<CellResult> results) {
        this.study = study;
        this.population = population;
        for (String run : study.runs().keySet()) {
            seedsOfRuns.put(
                    run,
                    results.stream()
                            .filter(result -> result.cell().population().equals(population)
                                    && result.cell().run().equals(run))
                            .toList());
        }
    }

    String html() {
        return outcome() + borrowedNoise() + roundsToAccuracy() + fairness();
    }

    /** Whose epsilon is not that of the sites that were simulated. */
    private String borrowedNoise() {
        return study.runs().entrySet().stream()
                .filter(run -> run.getValue().noiseCohortSize().isPresent())
                .map(run -> "<p>"
                        + HtmlTable.escaped("Noise and epsilon of " + run.getKey() + " are those of rounds that ask "
                                + run.getValue().noiseCohortSize().getAsInt()
                                + " sites: with as few as were simulated here, the same epsilon takes more noise.")
                        + "</p>\n")
                .collect(Collectors.joining());
    }

    private String outcome() {
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("run", (run, seeds) -> run);
        columns.put("test accuracy", spread(CellResult::last));
        putPublished(columns, "published", Published.Figure::accuracy);
        columns.put("mean of test sets", spread(CellResult::lastMeanOfSites));
        columns.put("best test accuracy", spread(CellResult::best));
        putPublished(columns, "published best", Published.Figure::bestAccuracy);
        columns.put(
                "model measured",
                (run, seeds) -> Objects.requireNonNull(study.runs().get(run)).measured());
        columnsWithNumbers(MORE_COLUMNS)
                .forEach((column, title) -> columns.put(title, (run, seeds) -> shown(column, seeds)));
        columns.put(
                "how runs ended",
                (run, seeds) -> seeds.stream().map(CellResult::ended).distinct().collect(Collectors.joining("\n")));
        HtmlTable table = new HtmlTable("What came of it", List.copyOf(columns.keySet()));
        seedsOfRuns.forEach((run, seeds) -> table.row(
                columns.values().stream().map(column -> column.of(run, seeds)).toList()));
        return table.html();
    }

    /** What a column says of a run. */
    private interface Column {
        String of(String run, List<CellResult> seeds);
    }

    private static Column spread(ToDoubleFunction<CellResult> figure) {
        return (run, seeds) -> Spread.of(seeds, figure).toString();
    }

    /** If there is one of any run. */
    private void putPublished(
            Map<String, Column> columns, String title, Function<Published.Figure, OptionalDouble> accuracy) {
        Column column = (run, seeds) -> figure(run)
                .map(accuracy)
                .filter(OptionalDouble::isPresent)
                .map(theirs -> String.format(Locale.ROOT, "%.4f", theirs.getAsDouble()))
                .orElse("-");
        if (seedsOfRuns.keySet().stream()
                .anyMatch(run -> !column.of(run, List.of()).equals("-"))) {
            columns.put(title, column);
        }
    }

    /** Bytes are whole and the same for all seeds. */
    private static String shown(String column, List<CellResult> seeds) {
        return column.endsWith("_bytes")
                ? seeds.stream()
                        .map(result -> String.format(Locale.ROOT, "%,.0f", result.last(column)))
                        .distinct()
                        .collect(Collectors.joining(", "))
                : Spread.of(seeds, result -> result.last(column)).toString();
    }

    /** The first round measured with an accuracy: the study's target, or parts of the best that the population saw. */
    private String roundsToAccuracy() {
        double best = seedsOfRuns.values().stream()
                .flatMap(List::stream)
                .mapToDouble(CellResult::best)
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
        if (Double.isNaN(best)) {
            return "";
        }
        List<Double> accuracies = study.target().isPresent()
                ? List.of(study.target().getAsDouble())
                : Arrays.stream(PARTS_OF_BEST).mapToObj(part -> part * best).toList();
        List<String> titles = new ArrayList<>(List.of("run"));
        accuracies.forEach(accuracy -> titles.add(String.format(Locale.ROOT, "%.4f", accuracy)));
        boolean published = study.target().isPresent() && study.published().isAbout(population);
        if (published) {
            titles.addAll(List.of("published", "here / published"));
        }
        HtmlTable table = new HtmlTable("Rounds to a test accuracy", titles);
        seedsOfRuns.forEach((run, seeds) -> {
            List<String> row = new ArrayList<>(List.of(run));
            accuracies.forEach(accuracy -> row.add(rounds(seeds, accuracy)));
            if (published) {
                OptionalInt theirs = figure(run).map(Published.Figure::rounds).orElse(OptionalInt.empty());
                row.add(theirs.isPresent() ? Integer.toString(theirs.getAsInt()) : "-");
                row.add(theirs.isPresent() ? ratio(seeds, accuracies.get(0), theirs.getAsInt()) : "-");
            }
            table.row(row);
        });
        return table.html();
    }

    private Optional<Published.Figure> figure(String run) {
        return study.published().of(population, run);
    }

    private static String rounds(List<CellResult> seeds, double accuracy) {
        double[] rounds = reached(seeds, accuracy).toArray();
        if (rounds.length == 0) {
            return "never";
        }
        String mean = rounds.length == 1
                ? Long.toString(Math.round(rounds[0]))
                : String.format(
                        Locale.ROOT,
                        "%.0f (%.0f to %.0f)",
                        Arrays.stream(rounds).average().orElseThrow(),
                        Arrays.stream(rounds).min().orElseThrow(),
                        Arrays.stream(rounds).max().orElseThrow());
        return rounds.length == seeds.size() ? mean : mean + ", " + rounds.length + " of " + seeds.size() + " seeds";
    }

    private static String ratio(List<CellResult> seeds, double accuracy, int theirs) {
        double[] rounds = reached(seeds, accuracy).toArray();
        return rounds.length < seeds.size() || rounds.length == 0
                ? "-"
                : String.format(
                        Locale.ROOT, "%.2f", Arrays.stream(rounds).average().orElseThrow() / theirs);
    }

    private static DoubleStream reached(List<CellResult> seeds, double accuracy) {
        return seeds.stream()
                .map(seed -> seed.roundOf(accuracy))
                .filter(OptionalInt::isPresent)
                .mapToDouble(OptionalInt::getAsInt);
    }

    private String fairness() {
        Map<String, String> columns = columnsWithNumbers(FAIRNESS_COLUMNS);
        if (!columns.containsKey("variance_site_accuracy")) {
            return "";
        }
        List<String> titles = new ArrayList<>(List.of("run"));
        titles.addAll(columns.values());
        HtmlTable table = new HtmlTable("Fairness: test accuracy over the sites' own test rows", titles);
        seedsOfRuns.forEach((run, seeds) -> {
            List<String> row = new ArrayList<>(List.of(run));
            columns.keySet()
                    .forEach(column -> row.add(
                            Spread.of(seeds, result -> result.last(column)).toString()));
            table.row(row);
        });
        return table.html();
    }

    private Map<String, String> columnsWithNumbers(Map<String, String> columns) {
        Map<String, String> some = new LinkedHashMap<>();
        columns.forEach((column, title) -> {
            if (seedsOfRuns.values().stream()
                    .flatMap(List::stream)
                    .anyMatch(result -> !Double.isNaN(result.last(column)))) {
                some.put(column, title);
            }
        });
        return some;
    }
}
