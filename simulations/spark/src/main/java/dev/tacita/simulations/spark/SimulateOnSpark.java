package dev.tacita.simulations.spark;

import dev.tacita.core.ProblemsException;
import dev.tacita.simulations.Backend;
import dev.tacita.simulations.CellResult;
import dev.tacita.simulations.ParquetTables;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.StudyProgress;
import dev.tacita.simulations.StudyRunner;
import dev.tacita.simulations.StudyTables;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code spark-submit} starts: {@code tacita simulate} on a cluster. */
@Command(
        name = "simulate-on-spark",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a study: populations of sites, ways of training and seeds, all with all, on the executors of Spark.",
            "Cells that are done are kept: started again after a kill, or with more runs or seeds, it does the rest.",
            "The study, its schemas and its data must lie at the same place on every machine."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed",
            "2:what was given cannot be used: options, a file; each problem is printed",
            "130:interrupted"
        })
public final class SimulateOnSpark implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int UNUSABLE = 2;
    private static final int INTERRUPTED = 130;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "STUDY", description = "The study's YAML file. Required.")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where results go, on the driver. Default: beside the study, its name with '.results'.")
    private @Nullable Path out;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where the study's data files lie. Default: in the study's folder.")
    private @Nullable Path data;

    @Option(
            names = "--parquet",
            description = "Write the tables of results as Parquet files too, beside the CSV files.")
    private boolean parquet;

    @Option(names = "--dry-run", description = "Show the grid and what it costs, and do nothing.")
    private boolean dryRun;

    @Option(names = "--debug", description = "Print stack traces.")
    private boolean debug;

    private SimulateOnSpark() {}

    /** Runs the study and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command as picocli sees it. */
    static CommandLine commandLine() {
        SimulateOnSpark command = new SimulateOnSpark();
        CommandLine commandLine = new CommandLine(command);
        commandLine
                .getCommandSpec()
                .version(Optional.ofNullable(SimulateOnSpark.class.getPackage().getImplementationVersion())
                        .orElse("unreleased"));
        commandLine.setParameterExceptionHandler((exception, arguments) -> command.report(misused(exception)));
        commandLine.setExecutionExceptionHandler((exception, parsed, result) -> command.report(exception));
        return commandLine;
    }

    /** The same, with what picocli leaves out where something is missing too. */
    private static ParameterException misused(ParameterException exception) {
        CommandLine commandLine = exception.getCommandLine();
        List<String> unknown = commandLine.getUnmatchedArguments();
        String also = exception instanceof MissingParameterException && !unknown.isEmpty()
                ? "; unknown: '" + String.join("', '", unknown) + "'"
                : "";
        return new ParameterException(commandLine, exception.getMessage() + also + ". --help shows what there is");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter terminal = spec.commandLine().getOut();
        StudyPlace place = StudyPlace.of(file, Optional.ofNullable(data));
        Study study = place.study();
        if (dryRun) {
            StudyTables.grid(study).forEach(terminal::println);
            terminal.flush();
            return 0;
        }
        Path folder = out != null ? out : file.resolveSibling(file.getFileName() + ".results");
        StudyProgress progress = new StudyProgress(study, spec.commandLine().getErr());
        List<CellResult> results;
        try (JavaSparkContext context = context()) {
            results = StudyRunner.run(
                    study,
                    folder,
                    (cell, simulation, rounds) -> {
                        try (Backend backend = new SparkBackend(context, place.source(cell))) {
                            return backend.run(simulation, rounds);
                        }
                    },
                    progress);
        }
        StudyTables.results(study, results).forEach(terminal::println);
        if (parquet) {
            ParquetTables.write(folder);
        }
        terminal.println("results: " + folder.resolve("results.csv") + " and " + folder.resolve("report.html"));
        terminal.flush();
        return 0;
    }

    /** With what spark-submit was given, and without Spark's own news between the lines of progress. */
    private static JavaSparkContext context() {
        SparkConf configuration = new SparkConf()
                .set("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
                .setIfMissing("spark.app.name", "tacita")
                .setIfMissing("spark.log.level", "WARN");
        try {
            return new JavaSparkContext(configuration);
        } catch (Exception e) {
            // Scala's constructor throws what Java is not told of.
            throw new ClusterException("Spark did not start: " + e.getMessage(), e);
        }
    }

    private int report(Exception exception) {
        if (exception instanceof InterruptedException) {
            return INTERRUPTED;
        }
        PrintWriter err = spec.commandLine().getErr();
        if (debug) {
            exception.printStackTrace(err);
        }
        boolean unusable = exception instanceof ProblemsException
                || exception instanceof ParameterException
                || exception instanceof IOException;
        boolean known = unusable || exception instanceof ClusterException;
        String message = exception instanceof FileSystemException failed
                ? failed.getFile() + ": it cannot be read or written: "
                        + failed.getClass().getSimpleName()
                : known
                        ? String.valueOf(exception.getMessage())
                        : "something failed that should not: " + exception + ". --debug shows where; please report it";
        err.println("tacita: " + message.strip() + (message.strip().matches("(?s).*[.!?]") ? "" : "."));
        err.flush();
        return unusable ? UNUSABLE : FAILED;
    }
}
