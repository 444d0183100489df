package dev.tacita.simulations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Where a study's results lie: for each cell, under {@code cells}, a file of its rounds, one of its sites, and last one that
 * says how it ended and that the others are whole; for the study, three tables, a page and its figures.
 */
final class ResultsFolder {
    private static final String SUMMARY_COLUMNS =
            "population,run,seed,ended,round_of_target,last_test_accuracy,last_mean_site_accuracy,best_test_accuracy,"
                    + "model";

    private final Path folder;
    private final Path cells;

    private ResultsFolder(Path folder, Path cells) {
        this.folder = folder;
        this.cells = cells;
    }

    static ResultsFolder open(Path folder) throws IOException {
        return new ResultsFolder(folder, Files.createDirectories(folder.resolve("cells")));
    }

    /** A cell that is done already. */
    Optional<CellResult> find(Cell cell, String fingerprint) throws IOException {
        Path done = file(cell, fingerprint, "done");
        if (!Files.exists(done)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(done);
        return Optional.of(new CellResult(
                cell,
                lines.get(0),
                lines.get(1).isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(lines.get(1))),
                number(lines.get(2)),
                number(lines.get(3)),
                number(lines.get(4)),
                Files.readAllLines(file(cell, fingerprint, "rounds.csv")).stream()
                        .map(ResultsFolder::withAllColumns)
                        .toList(),
                Files.readAllLines(file(cell, fingerprint, "sites.csv"))));
    }

    /** A line of an earlier version has fewer columns at its end; they are empty. */
    private static String withAllColumns(String line) {
        return line + ",".repeat(Math.max(0, commas(CellRun.ROUND_COLUMNS) - commas(line)));
    }

    private static int commas(String line) {
        return (int) line.chars().filter(each -> each == ',').count();
    }

    private static double number(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    /** @param models forms of the trained model, by the ending of a file's name */
    void keep(CellResult result, String fingerprint, Map<String, String> models) throws IOException {
        for (Map.Entry<String, String> model : models.entrySet()) {
            Cell cell = result.cell();
            write(
                    Files.createDirectories(folder.resolve("models"))
                            .resolve(cell.population() + "." + cell.run() + "." + cell.seed() + "." + model.getKey()),
                    model.getValue().lines().toList());
        }
        write(file(result.cell(), fingerprint, "rounds.csv"), result.rounds());
        write(file(result.cell(), fingerprint, "sites.csv"), result.sites());
        write(
                file(result.cell(), fingerprint, "done"),
                List.of(
                        result.ended(),
                        round(result),
                        CellRun.number(result.last()),
                        CellRun.number(result.lastMeanOfSites()),
                        CellRun.number(result.best())));
    }

    void write(Study study, List<CellResult> results) throws IOException {
        StudyReport report = new StudyReport(study, results);
        Path figures = Files.createDirectories(folder.resolve("figures"));
        for (Map.Entry<String, String> figure : report.figures().entrySet()) {
            write(figures.resolve(figure.getKey()), List.of(figure.getValue()));
        }
        write(folder.resolve("report.html"), List.of(report.page()));

        List<String> rounds = new ArrayList<>(List.of(CellRun.ROUND_COLUMNS));
        List<String> sites = new ArrayList<>(List.of(CellRun.SITE_COLUMNS));
        List<String> summary = new ArrayList<>(List.of(SUMMARY_COLUMNS));
        for (CellResult each : results) {
            rounds.addAll(each.rounds());
            sites.addAll(each.sites());
            Cell cell = each.cell();
            summary.add(cell.population() + "," + cell.run() + "," + cell.seed() + ",\""
                    + each.ended().replace("\"", "'")
                    + "\"," + round(each) + "," + CellRun.number(each.last()) + ","
                    + CellRun.number(each.lastMeanOfSites()) + "," + CellRun.number(each.best()) + ","
                    + study.run(cell).measured());
        }
        write(folder.resolve("results.csv"), rounds);
        write(folder.resolve("sites.csv"), sites);
        write(folder.resolve("summary.csv"), summary);
    }

    private static String round(CellResult result) {
        return result.reached().isPresent() ? Integer.toString(result.reached().getAsInt()) : "";
    }

    private Path file(Cell cell, String fingerprint, String kind) {
        return cells.resolve(cell.population() + "." + cell.run() + "." + cell.seed() + "." + fingerprint + "." + kind);
    }

    /** Whole or not at all, whenever the process is killed. */
    private static void write(Path file, List<String> lines) throws IOException {
        String text = lines.stream().map(line -> line + System.lineSeparator()).collect(Collectors.joining());
        write(file, text.getBytes(UTF_8));
    }

    /** The same of bytes. */
    static void write(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
