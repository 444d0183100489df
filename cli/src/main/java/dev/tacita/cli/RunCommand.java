package dev.tacita.cli;

import dev.tacita.config.RunPlanReader;
import dev.tacita.config.Secret;
import dev.tacita.core.RunId;
import dev.tacita.server.AggregatorClient;
import dev.tacita.server.ApiException;
import dev.tacita.server.RunState;
import dev.tacita.server.RunView;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Submits, lists, watches and stops the runs of an aggregator, over its HTTP interface.")
final class RunCommand {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            defaultValue = "http://127.0.0.1:7407",
            description = "The aggregator's address; default: ${DEFAULT-VALUE}.")
    private URI server;

    @Option(names = "--token-file", scope = ScopeType.INHERIT, description = "File with the aggregator's token.")
    private @Nullable Path tokenFile;

    @Command(
            mixinStandardHelpOptions = true,
            description = "Queues a run and prints its name. Exit code 2 if the plan has problems; all are printed.")
    int submit(
            @Parameters(paramLabel = "PLAN", description = "The plan, a YAML file.") Path plan,
            @Option(names = "--watch", description = "Then print a line for each round until the run ends.")
                    boolean watch,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws ApiException, IOException, InterruptedException {
        RunPlanReader.read(plan);
        AggregatorClient client = client();
        RunId run = client.submit(Files.readString(plan));
        print(json ? client.run(run).json() : run.value());
        return watch ? watch(client, run, json) : 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists all runs, in the order of their submission.")
    int list(@Option(names = "--json", description = "Print a JSON list.") boolean json)
            throws ApiException, IOException, InterruptedException {
        List<RunView> runs = client().runs();
        if (json) {
            print(runs.stream().map(RunView::json).collect(Collectors.joining(",", "[", "]")));
        } else if (runs.isEmpty()) {
            print("no runs yet");
        } else {
            runs.forEach(run -> print(line(run)));
        }
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Says where a run stands and what it waits for.")
    int status(
            @Parameters(paramLabel = "RUN", description = "The run's name.") RunId run,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws ApiException, IOException, InterruptedException {
        RunView view = client().run(run);
        print(
                json
                        ? view.json()
                        : line(view)
                                + view.model().map(hash -> "  model " + hash).orElse(""));
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Prints a line for each round, from the first, until the run ends. Exit code 1 unless it"
                    + " completed.")
    int watch(
            @Parameters(paramLabel = "RUN", description = "The run's name.") RunId run,
            @Option(names = "--json", description = "Print a JSON object a line.") boolean json)
            throws ApiException, IOException, InterruptedException {
        return watch(client(), run, json);
    }

    @Command(mixinStandardHelpOptions = true, description = "Ends a run. What it has trained so far is kept.")
    int stop(@Parameters(paramLabel = "RUN", description = "The run's name.") RunId run)
            throws ApiException, IOException, InterruptedException {
        print(line(client().stop(run)));
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lets a paused run go on.")
    int resume(@Parameters(paramLabel = "RUN", description = "The run's name.") RunId run)
            throws ApiException, IOException, InterruptedException {
        print(line(client().resume(run)));
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

    private AggregatorClient client() throws IOException {
        return new AggregatorClient(server, tokenFile == null ? Optional.empty() : Optional.of(token(tokenFile)));
    }

    private static Secret token(Path file) throws IOException {
        try {
            return new Secret(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            throw new UnusableException("--token-file: there is no file " + file + ".");
        }
    }

    private static String line(RunView run) {
        String line = String.format(
                Locale.ROOT,
                "%-24s %-18s %d/%d rounds",
                run.run(),
                run.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                run.roundsDone(),
                run.rounds());
        return run.reason().isEmpty() ? line : line + "  " + run.reason();
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
