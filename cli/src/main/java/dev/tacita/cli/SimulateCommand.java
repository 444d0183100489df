package dev.tacita.cli;

import dev.tacita.simulations.Backend;
import dev.tacita.simulations.Cell;
import dev.tacita.simulations.CellResult;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.Spread;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.StudyReader;
import dev.tacita.simulations.StudyRunner;
import dev.tacita.simulations.ThreadBackend;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        subcommands = SimulateCompareCommand.class,
        description = {
            "Runs a study: populations of sites, ways of training and seeds, all with all, on this machine.",
            "Cells that are done are kept: started again after a kill, or with more runs or seeds, it does the rest."
        })
final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "STUDY", description = "The study's YAML file. Required.")
    private @Nullable Path given;

    private Path file = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where results go. Default: beside the study, its name with '.results'.")
    private @Nullable Path out;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where the study's data files lie. Default: in the study's folder.")
    private @Nullable Path data;

    @Option(
            names = "--workers",
            paramLabel = "NUMBER",
            description = "Threads that train. Default: as many as the machine has processors.")
    private @Nullable Integer workers;

    @Option(names = "--dry-run", description = "Show the grid and what it costs, and do nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (given == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'STUDY'");
        }
        file = given;
        if (workers != null && workers < 1) {
            throw new UnusableException("--workers must be >= 1. Provided value: " + workers);
        }
        Study study = StudyReader.read(file, new StudyFiles(file, Optional.ofNullable(data)));
        PrintWriter terminal = spec.commandLine().getOut();
        if (dryRun) {
            grid(study).forEach(terminal::println);
            terminal.flush();
            return 0;
        }
        Path folder = out != null ? out : file.resolveSibling(file.getFileName() + ".results");
        int count = workers != null ? workers : Runtime.getRuntime().availableProcessors();
        StudyProgress progress = new StudyProgress(study, spec.commandLine().getErr());
        List<CellResult> results;
        try (Backend backend = new ThreadBackend(count)) {
            results = StudyRunner.run(study, folder, backend, progress);
        }
        table(study, results).forEach(terminal::println);
        results.stream()
                .filter(result ->
                        result.ended().startsWith("did not") || result.ended().startsWith("failed"))
                .forEach(result -> terminal.println(result.cell() + " " + result.ended()));
        terminal.println("results: " + folder.resolve("results.csv") + " and " + folder.resolve("report.html"));
        terminal.flush();
        return 0;
    }

    private static List<String> grid(Study study) {
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
            long sent = cost * simulation.bytesOfARound();
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
        List<String> lines = new ArrayList<>(Columns.of(rows));
        for (String population : study.populations().keySet()) {
            Cell first = study.cells().stream()
                    .filter(cell -> cell.population().equals(population))
                    .findFirst()
                    .orElseThrow();
            List<String> traits = study.simulation(first).population().traits();
            if (!traits.isEmpty()) {
                lines.add(population + " with seed " + first.seed() + ": " + String.join("; ", traits));
            }
        }
        boolean ofLayers =
                study.runs().values().stream().allMatch(run -> run.algorithm().trainsLayers());
        String size = ofLayers ? " of " + study.model().layout().size() + " parameters" : "";
        lines.add(study.cells().size() + " cells, " + updates + " site updates" + size + "; live they would send "
                + megabytes(bytes));
        return lines;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** Over seeds: mean and population standard deviation of the last accuracies, and the rounds to the target. */
    private static List<String> table(Study study, List<CellResult> results) {
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
                                " ",
                                group.stream().map(SimulateCommand::reached).toList()))));
        return Columns.of(rows);
    }

    private static String reached(CellResult result) {
        return result.reached().isPresent() ? Integer.toString(result.reached().getAsInt()) : "never";
    }
}
