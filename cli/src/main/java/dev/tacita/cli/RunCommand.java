package dev.tacita.cli;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.server.AggregatorClient;
import dev.tacita.server.ApiException;
import dev.tacita.server.RunState;
import dev.tacita.server.RunView;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Submits, lists, watches and stops the runs of an aggregator, over its HTTP interface.")
final class RunCommand {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AggregatorAddress aggregator;

    @Command(
            mixinStandardHelpOptions = true,
            description = "Queues a run and prints its name.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:queued; with --watch: completed",
                "1:with --watch: the run ended before its last round",
                "2:no aggregator answers, or the plan has problems; each is printed"
            })
    int submit(
            @Parameters(paramLabel = "PLAN", description = "The plan, a YAML file.") Path plan,
            @Option(names = "--watch", description = "Then print a line for each round until the run ends.")
                    boolean watch,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws ApiException, IOException, InterruptedException {
        RunPlanReader.read(plan);
        AggregatorClient client = aggregator.client();
        RunId run = client.submit(Files.readString(plan));
        print(json ? client.run(run).json() : run.value());
        return watch ? watch(client, run, json) : 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists all runs, in the order of their submission.")
    int list(@Option(names = "--json", description = "Print a JSON list.") boolean json)
            throws ApiException, IOException, InterruptedException {
        List<RunView> runs = aggregator.client().runs();
        if (json) {
            print(runs.stream().map(RunView::json).collect(Collectors.joining(",", "[", "]")));
        } else if (runs.isEmpty()) {
            print("no runs yet");
        } else {
            table(runs).forEach(this::print);
        }
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Says where a run stands and what it waits for.")
    int status(
            @Parameters(paramLabel = "RUN", description = "The run's name.") RunId run,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws ApiException, IOException, InterruptedException {
        RunView view = aggregator.client().run(run);
        print(
                json
                        ? view.json()
                        : line(view)
                                + view.model().map(hash -> "  model " + hash).orElse(""));
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Prints a line for each round, from the first, until the run ends.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:the run completed",
                "1:it ended before its last round",
                "2:no aggregator answers, or it knows no such run"
            })
    int watch(
            @Parameters(paramLabel = "RUN", description = "The run's name.") RunId run,
            @Option(names = "--json", description = "Print a JSON object a line.") boolean json)
            throws ApiException, IOException, InterruptedException {
        return watch(aggregator.client(), run, json);
    }

    @Command(mixinStandardHelpOptions = true, description = "Ends a run. What it has trained so far is kept.")
    int stop(@Parameters(paramLabel = "RUN", description = "The run's name.") RunId run)
            throws ApiException, IOException, InterruptedException {
        print(line(aggregator.client().stop(run)));
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lets a paused run go on.")
    int resume(@Parameters(paramLabel = "RUN", description = "The run's name.") RunId run)
            throws ApiException, IOException, InterruptedException {
        print(line(aggregator.client().resume(run)));
        return 0;
    }

    private int watch(AggregatorClient client, RunId run, boolean json) throws ApiException, InterruptedException {
        client.watch(run, line -> print(json ? line.toJson() : line.text()));
        RunView view = client.run(run);
        if (!json) {
            print(line(view));
        }
        return view.status() == RunState.Status.COMPLETED ? 0 : Failures.FAILED;
    }

    private static String line(RunView run) {
        String line = run.run() + "  " + status(run) + "  " + rounds(run) + " rounds";
        return run.reason().isEmpty() ? line : line + "  " + run.reason();
    }

    private static List<String> table(List<RunView> runs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RUN", "STATUS", "ROUNDS", "SUBMITTED", "REASON"));
        runs.forEach(run -> rows.add(List.of(
                run.run().value(),
                status(run),
                rounds(run),
                run.opened().truncatedTo(ChronoUnit.SECONDS).toString(),
                run.reason())));
        return Columns.of(rows);
    }

    private static String status(RunView run) {
        return run.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String rounds(RunView run) {
        return run.roundsDone() + "/" + run.rounds();
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
