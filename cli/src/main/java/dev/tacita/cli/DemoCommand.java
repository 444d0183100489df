package dev.tacita.cli;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorConfigReader;
import dev.tacita.server.report.RoundLine;
import dev.tacita.server.report.RunHistory;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a Kafka broker, an aggregator and four agents on this machine, and trains a model.",
            "The broker and the aggregator run in this process, each agent in one of its own with its own data folder."
                    + " Ctrl-C ends them all."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Pattern SEED = Pattern.compile("(?m)^seed: .*$");

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "DEMO",
            defaultValue = "breast-cancer",
            description = "breast-cancer (comes with its data), heart-disease or mnist; default: ${DEFAULT-VALUE}.")
    private String name;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Folder with the data of heart-disease or mnist.")
    private @Nullable Path data;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "A plan of your own for the same dataset, instead of the demo's.")
    private @Nullable Path plan;

    @Option(
            names = "--privacy",
            description = "Train with the demo's plan that hides single rows (breast-cancer, heart-disease), within a"
                    + " privacy budget that is enough for one run.")
    private boolean privately;

    @Option(
            names = "--protection",
            paramLabel = "PROTECTION",
            description =
                    "plain, or secure-aggregation: the aggregator then learns sums of the sites' updates and of no"
                            + " single site's; default: what the plan says.")
    private @Nullable String protection;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Seed of the run, instead of the plan's.")
    private @Nullable Long seed;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where configurations, data, logs and results go; default: a new folder under runs/.")
    private @Nullable Path folder;

    @Option(
            names = "--prepare",
            description =
                    "Only write the folder, and print how to start each part by hand, with a broker on port 9092.")
    private boolean prepare;

    @Override
    public Integer call() throws Exception {
        Logs.quiet();
        Demo demo = Demo.named(name);
        demo.check(Optional.ofNullable(data));
        String planText = planText(demo);
        RunPlanReader.read(plan == null ? "the demo's plan" : plan.toString(), planText);
        Path home = home(demo);
        PrintWriter out = spec.commandLine().getOut();
        if (prepare) {
            DemoFolder files =
                    DemoFolder.write(home, demo, Optional.ofNullable(data), planText, "127.0.0.1:9092", 7407);
            print(out, files.howToStart(demo));
            return 0;
        }
        try (Shutdown shutdown = new Shutdown()) {
            print(out, "folder      " + home);
            LocalBroker broker =
                    shutdown.add(LocalBroker.start(LocalBrokerSettings.inTheClear(home.resolve("broker"), 0)));
            print(out, "broker      " + broker.bootstrapServers() + "  Apache Kafka, in this process");
            DemoFolder files =
                    DemoFolder.write(home, demo, Optional.ofNullable(data), planText, broker.bootstrapServers(), 0);
            files.keys().ifPresent(keys -> print(out, "keys        " + keys));
            List<AgentProcess> agents = startAgents(demo, files, shutdown);
            AggregatorProcess aggregator =
                    AggregatorProcess.start(AggregatorConfigReader.read(files.aggregatorConfig()), shutdown);
            print(
                    out,
                    "aggregator  " + aggregator.address() + "  in this process, pid "
                            + ProcessHandle.current().pid());
            for (AgentProcess agent : agents) {
                print(out, String.format(Locale.ROOT, "agent       %-12s pid %d", agent.site(), agent.pid()));
            }
            RunId run = aggregator.aggregator().submit(planText).get();
            print(out, "run         " + run + System.lineSeparator());
            RunHistory history = follow(aggregator.aggregator(), run, agents, out);
            agents.forEach(AgentProcess::terminate);
            return finish(history, files.runs().resolve(run.value()), out);
        }
    }

    private String planText(Demo demo) throws IOException {
        if (plan != null && privately) {
            throw new UnusableException("--privacy is the demo's own private plan; leave it or --plan away.");
        }
        if (plan != null && protection != null) {
            throw new UnusableException("--protection changes the demo's own plan; leave it or --plan away.");
        }
        if (plan != null) {
            RunPlanReader.read(plan);
        }
        String text =
                plan != null ? Files.readString(plan) : protect(demo, privately ? demo.privatePlan() : demo.plan());
        if (seed == null) {
            return text;
        }
        Matcher matcher = SEED.matcher(text);
        return matcher.find() ? matcher.replaceFirst("seed: " + seed) : text + "\nseed: " + seed + "\n";
    }

    private String protect(Demo demo, String text) {
        if (protection == null || protection.equals("plain")) {
            return text;
        }
        if (!protection.equals("secure-aggregation")) {
            throw new UnusableException(
                    "--protection must be plain or secure-aggregation. Provided value: " + protection + ".");
        }
        return demo.underSecureAggregation(text);
    }

    private Path home(Demo demo) throws IOException {
        if (folder == null) {
            String time =
                    LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
            return Path.of("runs", "demo-" + demo.title() + "-" + time).toAbsolutePath();
        }
        if (Files.exists(folder) && (!Files.isDirectory(folder) || !isEmpty(folder))) {
            throw new UnusableException("--folder must be new or empty. Provided value: " + folder);
        }
        return folder.toAbsolutePath().normalize();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static List<AgentProcess> startAgents(Demo demo, DemoFolder files, Shutdown shutdown) throws IOException {
        List<AgentProcess> agents = new ArrayList<>();
        for (String site : demo.sites()) {
            agents.add(shutdown.add(AgentProcess.start(site, files.siteConfig(site))));
        }
        shutdown.add(() -> agents.forEach(AgentProcess::terminate));
        return agents;
    }

    private static RunHistory follow(Aggregator aggregator, RunId run, List<AgentProcess> agents, PrintWriter out)
            throws IOException, InterruptedException {
        int printed = 0;
        while (true) {
            long seen = aggregator.changes();
            RunHistory history = aggregator.history(run).orElseThrow();
            List<RoundLine> lines = history.lines();
            for (; printed < lines.size(); printed++) {
                print(out, lines.get(printed).text());
            }
            if (history.ended().isPresent()) {
                return history;
            }
            for (AgentProcess agent : agents) {
                agent.checkAlive();
            }
            aggregator.awaitChange(seen, 500);
        }
    }

    private static int finish(RunHistory history, Path directory, PrintWriter out) {
        history.finalTest().ifPresent(test -> print(out, System.lineSeparator() + TestTable.of(test)));
        print(out, "model       " + directory.resolve("model.safetensors"));
        print(out, "report      " + directory.resolve("report.html"));
        var ended = history.ended().orElseThrow();
        if (ended.outcome() == RunOutcome.COMPLETED) {
            return 0;
        }
        print(out, "The run ended: " + ended.reason());
        return Failures.FAILED;
    }

    private static void print(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
