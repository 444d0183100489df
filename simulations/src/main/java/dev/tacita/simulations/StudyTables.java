package dev.tacita.simulations;

import dev.tacita.core.learning.PrivacyLevel;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A study in lines for a terminal, before and after it is run. */
public final class StudyTables {
    private static final String GAP = "  ";
    private static final MathContext UP = new MathContext(4, RoundingMode.CEILING);

    private StudyTables() {}

    /** The grid before it is run, and what it costs. */
    public static List<String> grid(Study study) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "POPULATION", "RUN", "SEED", "SITES", "ROWS OF A SITE", "ROUNDS", "SITE UPDATES", "WOULD SEND"));
        long updates = 0;
        long bytes = 0;
        for (Cell cell : study.cells()) {
            Simulation simulation = study.simulation(cell);
            Population sites = simulation.population();
            int[] sizes =
                    IntStream.range(0, sites.size()).map(sites::rows).sorted().toArray();
            long cost = (long) simulation.plan().rounds() * simulation.cohortSize();
            long sent = cost * simulation.siteBytes().total();
            updates += cost;
            bytes += sent;
            rows.add(List.of(
                    cell.population(),
                    cell.run(),
                    Long.toString(cell.seed()),
                    Integer.toString(sizes.length),
                    sizes[0] + " to " + sizes[sizes.length - 1] + ", median " + sizes[sizes.length / 2],
                    Integer.toString(simulation.plan().rounds()),
                    Long.toString(cost),
                    megabytes(sent)));
        }
        List<String> lines = new ArrayList<>(columns(rows));
        for (String population : study.populations().keySet()) {
            Cell first = study.cells().stream()
                    .filter(cell -> cell.population().equals(population))
                    .findFirst()
                    .orElseThrow();
            List<String> traits = study.simulation(first).population().traits();
            if (!traits.isEmpty()) {
                lines.add(population + " with seed " + first.seed() + ": " + String.join("; ", traits));
            }
            lines.addAll(ofRuns(study, population));
        }
        boolean ofLayers =
                study.runs().values().stream().allMatch(run -> run.algorithm().trainsLayers());
        String size = ofLayers ? " of " + study.model().layout().size() + " parameters" : "";
        lines.add(study.cells().size() + " cells, " + updates + " site updates" + size + "; live they would send "
                + megabytes(bytes));
        return lines;
    }

    /** What each run comes to in a population with the first seed. */
    private static List<String> ofRuns(Study study, String population) {
        List<String> lines = new ArrayList<>();
        for (String run : study.runs().keySet()) {
            Simulation simulation =
                    study.simulation(new Cell(population, run, study.seeds().get(0)));
            simulation.runPrivacy().ifPresent(privacy -> lines.add(revealed(population, run, simulation, privacy)));
            SiteBytes bytes = simulation.siteBytes();
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: a site of run %s sends %,d bytes a round and receives %,d",
                    population,
                    run,
                    bytes.upload(),
                    bytes.download()));
        }
        return lines;
    }

    private static String revealed(String population, String run, Simulation simulation, RunPrivacy privacy) {
        String whose = privacy.level() == PrivacyLevel.EXAMPLES ? "a row, at the site with the fewest," : "a site";
        String noise = privacy.leastNoise() == privacy.mostNoise()
                ? String.format(Locale.ROOT, "noise multiplier %.4g", privacy.leastNoise())
                : String.format(
                        Locale.ROOT,
                        "noise multipliers from %.4g to %.4g by rows of the site",
                        privacy.leastNoise(),
                        privacy.mostNoise());
        return String.format(
                        Locale.ROOT,
                        "%s: %d rounds of run %s reveal of %s epsilon %s at most, at delta %s; %s",
                        population,
                        simulation.plan().rounds(),
                        run,
                        whose,
                        upwards(privacy.epsilon()),
                        privacy.delta(),
                        noise)
                + (simulation.noiseCohortSize().isPresent()
                        ? ", as small as with " + simulation.noiseCohortSize().getAsInt() + " sites"
                        : "");
    }

    private static String upwards(double value) {
        return Double.isInfinite(value)
                ? "infinity"
                : new BigDecimal(value).round(UP).toPlainString();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /**
     * What came of it, over seeds: mean and population standard deviation of the last accuracies, and the rounds to the target;
     * then the cells that ended before their last round or below the target.
     */
    public static List<String> results(Study study, List<CellResult> results) {
        Map<String, List<CellResult>> groups = new LinkedHashMap<>();
        for (CellResult each : results) {
            groups.computeIfAbsent(each.cell().population() + "\t" + each.cell().run(), key -> new ArrayList<>())
                    .add(each);
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "POPULATION", "RUN", "SEEDS", "TEST ACCURACY", "MEAN OF TEST SETS", "MODEL", "ROUNDS TO TARGET"));
        groups.forEach((key, group) -> rows.add(List.of(
                key.substring(0, key.indexOf('\t')),
                key.substring(key.indexOf('\t') + 1),
                Integer.toString(group.size()),
                Spread.of(group, CellResult::last).toString(),
                Spread.of(group, CellResult::lastMeanOfSites).toString(),
                study.run(group.get(0).cell()).measured(),
                study.target().isEmpty()
                        ? "-"
                        : String.join(
                                " ", group.stream().map(StudyTables::reached).toList()))));
        List<String> lines = new ArrayList<>(columns(rows));
        results.stream()
                .filter(result ->
                        result.ended().startsWith("did not") || result.ended().startsWith("failed"))
                .forEach(result -> lines.add(result.cell() + " " + result.ended()));
        return lines;
    }

    private static String reached(CellResult result) {
        return result.reached().isPresent() ? Integer.toString(result.reached().getAsInt()) : "never";
    }

    /** A line for each row, cells one below the other; all rows have as many. */
    private static List<String> columns(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
