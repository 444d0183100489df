package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** A study's results as one page that needs nothing else, and its figures by file name. */
final class StudyReport {
    private static final int MOST_SITES_SHOWN = 200;
    /** Columns of {@code results.csv} whose last numbers are shown where there are any, with their titles. */
    private static final Map<String, String> MORE_COLUMNS = new LinkedHashMap<>();

    static {
        MORE_COLUMNS.put("virtual_seconds", "virtual seconds");
        MORE_COLUMNS.put("backdoor_success", "success of the backdoor");
        MORE_COLUMNS.put("epsilon", "epsilon");
    }

    private final Study study;
    private final List<CellResult> results;
    private final Map<String, String> figures = new LinkedHashMap<>();

    StudyReport(Study study, List<CellResult> results) {
        this.study = study;
        this.results = results;
        for (String population : study.populations().keySet()) {
            figures.put("accuracy-" + population + ".svg", Figures.curves(curves(population, Curve::of), "round"));
            List<Curve> byTime = curves(population, Curve::byTime);
            if (byTime.stream().anyMatch(curve -> !curve.points().isEmpty())) {
                figures.put("time-" + population + ".svg", Figures.curves(byTime, "virtual seconds"));
            }
            Population sites = study.population(new Cell(
                    population,
                    study.runs().keySet().iterator().next(),
                    study.seeds().get(0)));
            List<int[]> labels = labels(sites);
            if (!labels.isEmpty()) {
                figures.put("labels-" + population + ".svg", Figures.labels(labels));
            }
            if (!sites.skews().isEmpty()) {
                figures.put("inputs-" + population + ".svg", InputPicture.of(sites));
            }
        }
    }

    /** SVG, by file name. */
    Map<String, String> figures() {
        return figures;
    }

    String page() {
        StringBuilder page =
                new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>"
                        + escaped(study.name())
                        + "</title>\n<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}"
                        + "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}"
                        + "svg{max-width:100%}</style></head><body>\n<h1>" + escaped(study.name()) + "</h1>\n<p>"
                        + study.cells().size() + " runs: " + study.populations().size() + " populations, "
                        + study.runs().size() + " ways of training, "
                        + study.seeds().size() + " seeds." + size()
                        + " Lines are means over seeds, bands reach from the least"
                        + " to the largest.</p>\n");
        for (String population : study.populations().keySet()) {
            page.append("<h2>").append(escaped(population)).append("</h2>\n");
            figures.forEach((name, svg) -> {
                if (name.matches("(accuracy|time|labels|inputs)-" + population + "\\.svg")) {
                    page.append(svg);
                }
            });
            page.append(traits(population)).append(table(population));
        }
        return page.append("</body></html>\n").toString();
    }

    private String size() {
        return study.runs().values().stream().anyMatch(run -> run.algorithm().trainsLayers())
                ? " Model of " + study.model().layout().size() + " parameters."
                : "";
    }

    /** What sets sites apart beside their rows, as the first seed chose them. */
    private String traits(String population) {
        List<String> traits =
                study.population(new Cell(population, "", study.seeds().get(0))).traits();
        return traits.isEmpty()
                ? ""
                : "<p>With seed " + study.seeds().get(0) + ": "
                        + traits.stream().map(StudyReport::escaped).collect(Collectors.joining("; ")) + ".</p>\n";
    }

    private String table(String population) {
        Map<String, String> more = new LinkedHashMap<>();
        MORE_COLUMNS.forEach((column, title) -> {
            if (results.stream()
                    .anyMatch(result ->
                            result.cell().population().equals(population) && !Double.isNaN(result.last(column)))) {
                more.put(column, title);
            }
        });
        StringBuilder table =
                new StringBuilder("<table><tr><th>run</th><th>test accuracy</th><th>mean of test sets</th>"
                        + "<th>best test accuracy</th><th>model measured</th>");
        more.values().forEach(title -> table.append("<th>").append(title).append("</th>"));
        table.append("<th>how runs ended</th></tr>\n");
        for (String run : study.runs().keySet()) {
            List<CellResult> seeds = seeds(population, run);
            table.append("<tr><td>")
                    .append(escaped(run))
                    .append("</td><td>")
                    .append(Spread.of(seeds, CellResult::last))
                    .append("</td><td>")
                    .append(Spread.of(seeds, CellResult::lastMeanOfSites))
                    .append("</td><td>")
                    .append(Spread.of(seeds, CellResult::best))
                    .append("</td><td>")
                    .append(Optional.ofNullable(study.runs().get(run))
                            .orElseThrow()
                            .measured())
                    .append("</td><td>");
            more.keySet()
                    .forEach(column -> table.append(Spread.of(seeds, result -> result.last(column)))
                            .append("</td><td>"));
            table.append(seeds.stream()
                            .map(CellResult::ended)
                            .distinct()
                            .map(StudyReport::escaped)
                            .collect(Collectors.joining("<br>")))
                    .append("</td></tr>\n");
        }
        return table.append("</table>\n").toString();
    }

    private List<Curve> curves(String population, BiFunction<String, List<CellResult>, Curve> curve) {
        return study.runs().keySet().stream()
                .map(run -> curve.apply(run, seeds(population, run)))
                .toList();
    }

    private List<CellResult> seeds(String population, String run) {
        return results.stream()
                .filter(result -> result.cell().population().equals(population)
                        && result.cell().run().equals(run))
                .toList();
    }

    /** How many rows of each class each of the first sites has; empty if targets are no classes. */
    private static List<int[]> labels(Population population) {
        List<Rows> sites = new ArrayList<>();
        int classes = 0;
        for (int i = 0; i < Math.min(population.size(), MOST_SITES_SHOWN); i++) {
            Examples train = population.train(i);
            Rows rows = Rows.of(train, 0);
            if (rows.classCount() == 0) {
                return List.of();
            }
            classes = Math.max(classes, rows.classCount());
            sites.add(rows);
        }
        List<int[]> counts = new ArrayList<>();
        for (Rows rows : sites) {
            int[] count = new int[classes];
            for (int place = 0; place < rows.size(); place++) {
                count[rows.classAt(place)]++;
            }
            counts.add(count);
        }
        return counts;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
