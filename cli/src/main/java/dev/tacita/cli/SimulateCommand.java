package dev.tacita.cli;

import dev.tacita.simulations.Backend;
import dev.tacita.simulations.CellResult;
import dev.tacita.simulations.DataLoader;
import dev.tacita.simulations.ParquetTables;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.StudyProgress;
import dev.tacita.simulations.StudyReader;
import dev.tacita.simulations.StudyRunner;
import dev.tacita.simulations.StudyTables;
import dev.tacita.simulations.ThreadBackend;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @Option(
            names = "--parquet",
            description = "Write the tables of results as Parquet files too, beside the CSV files.")
    private boolean parquet;

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
        Study study = StudyReader.read(file, DataLoader.elsewhere(file, Optional.ofNullable(data), new Datasets()));
        PrintWriter terminal = spec.commandLine().getOut();
        if (dryRun) {
            StudyTables.grid(study).forEach(terminal::println);
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
        StudyTables.results(study, results).forEach(terminal::println);
        if (parquet) {
            ParquetTables.write(folder);
        }
        terminal.println("results: " + folder.resolve("results.csv") + " and " + folder.resolve("report.html"));
        terminal.flush();
        return 0;
    }
}
