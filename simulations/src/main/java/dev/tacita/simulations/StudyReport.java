package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A study's results as one page that needs nothing else, and its figures by file name. */
final class StudyReport {
    private static final int MOST_SITES_SHOWN = 200;
    private final Study study;
    private final List<CellResult> results;
    private final Map<String, String> figures = new LinkedHashMap<>();

    StudyReport(Study study, List<CellResult> results) {
        this.study = study;
        this.results = results;
        for (String population : study.populations().keySet()) {
            curves(population, "accuracy", "round", Axis.ACCURACY);
            curves(population, "loss", "round", Axis.LOSS);
            curves(population, "drift", "round", Axis.COSINE);
            curves(population, "time", "virtual_seconds", Axis.ACCURACY);
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
                        + HtmlTable.escaped(study.name())
                        + "</title>\n<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}"
                        + "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}"
                        + "table{margin:1em 0}caption{text-align:left;font-weight:bold;padding:.3em 0}svg{max-width:100%}</style></head><body>\n<h1>"
                        + HtmlTable.escaped(study.name()) + "</h1>\n<p>"
                        + many(study.cells().size(), "run") + ": "
                        + many(study.populations().size(), "population") + ", "
                        + study.runs().size() + (study.runs().size() == 1 ? " way" : " ways") + " of training, "
                        + many(study.seeds().size(), "seed") + "." + size()
                        + " Lines are means over seeds, bands reach from the least"
                        + " to the largest.</p>\n");
        if (!study.published().source().isEmpty()) {
            page.append("<p>Published figures: ")
                    .append(HtmlTable.escaped(study.published().source()))
                    .append("</p>\n");
        }
        for (String population : study.populations().keySet()) {
            page.append("<h2>").append(HtmlTable.escaped(population)).append("</h2>\n");
            figures.forEach((name, svg) -> {
                if (name.matches("(accuracy|loss|drift|time|labels|inputs)-" + population + "\\.svg")) {
                    page.append(svg);
                }
            });
            page.append(traits(population)).append(new ReportTables(study, population, results).html());
        }
        return page.append("</body></html>\n").toString();
    }

    private String size() {
        return study.runs().values().stream().anyMatch(run -> run.algorithm().trainsLayers())
                ? " Model of " + study.model().layout().size() + " parameters."
                : "";
    }

    private static String many(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** What sets sites apart beside their rows, as the first seed chose them. */
    private String traits(String population) {
        List<String> traits =
                study.population(new Cell(population, "", study.seeds().get(0))).traits();
        return traits.isEmpty()
                ? ""
                : "<p>With seed " + study.seeds().get(0) + ": "
                        + traits.stream().map(HtmlTable::escaped).collect(Collectors.joining("; ")) + ".</p>\n";
    }

    private void curves(String population, String figure, String at, Axis axis) {
        List<Curve> curves = study.runs().keySet().stream()
                .map(run -> Curve.of(run, seeds(population, run), at, axis.column()))
                .toList();
        if (curves.stream().anyMatch(curve -> !curve.points().isEmpty())) {
            figures.put(figure + "-" + population + ".svg", Figures.curves(curves, at.replace('_', ' '), axis));
        }
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
}
