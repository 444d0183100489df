package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a user gets wrong ends with exit code 2, every problem in a sentence, and no stack trace. */
final class BadInputTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Path folder = Path.of("");

    private DemoFolder files;
    private Path site = Path.of("");
    private int closedPort;

    @BeforeEach
    void writeGoodFiles(@TempDir Path temporary) throws IOException {
        folder = temporary;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        files = DemoFolder.write(
                folder.resolve("federation"),
                Demo.BREAST_CANCER,
                Optional.empty(),
                Demo.BREAST_CANCER.plan(),
                "127.0.0.1:" + closedPort,
                0);
        site = files.siteConfig("west");
    }

    @Test
    void everyProblemOfAConfigurationIsToldAtOnceWithItsLine() throws IOException {
        Files.writeString(files.aggregatorConfig(), """
                federaton: demo
                runs-directory: runs
                aggregation-threads: many
                api: {port: 70000}
                """);
        String config = files.aggregatorConfig().toString();
        assertThat(refused("server", "--config", config))
                .contains(config + ":1:1", "federaton", "Did you mean 'federation'?")
                .contains(config + ":3:", "aggregation-threads", "many")
                .contains(config + ":4:", "api.port", "70000")
                .contains("kafka");
    }

    @Test
    void everyProblemOfASiteAndItsPolicyIsToldAtOnce() throws IOException {
        replace(site, "site: west", "site: West Hospital");
        replace(site, "work-folder: work\n", "");
        replace(site, "kafka:", "kafca:");
        replace(files.site("west").resolve("policy.yaml"), "smallest-cohort: 3", "smallest-cohort: few");
        assertThat(refused("agent", "--config", site.toString()))
                .contains("West Hospital", "work-folder", "kafca", "policy.yaml:", "smallest-cohort", "few");
    }

    @Test
    void aRegionWhoseFederationsCannotBeReachedSaysSo() throws IOException {
        Path region = Files.writeString(folder.resolve("region.yaml"), """
                site:
                  site: north
                  federation: demo
                  work-folder: work
                  kafka: {bootstrap.servers: '127.0.0.1:%d'}
                  policy: %s
                aggregator:
                  federation: demo-north
                  runs-directory: runs
                  kafka: {bootstrap.servers: '127.0.0.1:%d'}
                rounds: {quorum: 2, deadline: 1m, protection: plain}
                """.formatted(
                        closedPort, files.site("west").resolve("policy.yaml"), closedPort));
        assertThat(refused("region", "--config", region.toString())).contains("127.0.0.1:" + closedPort);
    }

    @Test
    void aFileThatIsNotThereOrIsAFolderIsNamed() {
        assertThat(refused("server", "--config", "nowhere.yaml")).contains("nowhere.yaml: there is no such file.");
        assertThat(refused("agent", "--config", folder.toString()))
                .contains(folder + ": this is a folder, not a file.");
        assertThat(refused("region", "--config", "nowhere.yaml")).contains("nowhere.yaml: there is no such file.");
        assertThat(refused("run", "submit", "nowhere.yaml")).contains("nowhere.yaml: there is no such file.");
        assertThat(refused("demo", "--plan", "nowhere.yaml")).contains("nowhere.yaml: there is no such file.");
    }

    @Test
    void anAbsentColumnAndTextAmongNumbersAreNamedWithTheirPlaces() throws IOException {
        Path data = files.site("west").resolve("data.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(data));
        lines.set(2, lines.get(2).replaceFirst("[^,]+", "wide"));
        Files.write(data, lines);
        assertThat(refused("agent", "--config", site.toString()))
                .contains("data.csv", "mean_radius", "wide")
                .contains("3");

        replace(data, "mean_texture", "texture");
        assertThat(refused("agent", "--config", site.toString())).contains("data.csv", "mean_texture");
    }

    @Test
    void aCommandLineThatCannotBeIsAnsweredInASentence() {
        assertThat(refused("sever")).contains("'sever'", "server", "See 'tacita --help'");
        assertThat(refused("server", "--confg", "x"))
                .contains("--config", "unknown", "'--confg'")
                .contains("See 'tacita server --help'");
        assertThat(refused("server")).contains("--config");
        assertThat(refused("agent")).contains("--config");
        assertThat(refused("region")).contains("--config");
        assertThat(refused("agent", "check")).contains("--config");
        assertThat(refused("run")).contains("subcommand");
        assertThat(refused("broker", "--port", "many")).contains("--port", "many");
        assertThat(refused("broker", "--port", "70000")).contains("--port must be 0 to 65535", "70000");
        assertThat(refused("run", "status", "My Run"))
                .contains("run id must be 1 to 63 lower-case letters", "'My Run'")
                .doesNotContain("java.");
    }

    @Test
    void privacyThatMeansNothingIsAnsweredWithRuleAndValue() throws IOException {
        assertThat(privacy("epsilon", "--rate=.01 --noise-multiplier=1 --steps=9 --delta=1"))
                .contains("--delta: it must be 0 or more and below 1; it is 1.0.");
        assertThat(privacy("epsilon", "--rate=.01 --noise-multiplier=1 --steps=9"))
                .contains("Missing required option", "--delta");
        assertThat(privacy("epsilon", "--rate=1.5 --noise-multiplier=-1 --steps=0 --delta=NaN"))
                .contains("--rate: it must be above 0 and at most 1; it is 1.5.")
                .contains("--noise-multiplier: it must be a finite number of 0 or more; it is -1.0.")
                .contains("--steps: it must be 1 or more; it is 0.")
                .contains("--delta: it must be 0 or more and below 1; it is NaN.");
        assertThat(privacy("epsilon", "--batch=10 --delta=1e-5"))
                .contains("--sampling poisson: it needs --rate, or both --batch and --examples.")
                .contains("--noise-multiplier: it must be given.")
                .contains("--steps: it or --epochs must be given.");
        assertThat(privacy("epsilon", "--batch=9 --examples=8 --noise-multiplier=NaN --epochs=0 --delta=1e-5"))
                .contains("--batch: it must be from 1 to the number of examples, 8; it is 9.")
                .contains("--noise-multiplier: it must be a finite number of 0 or more; it is NaN.")
                .contains("--epochs: it must be above 0 and at most a billion; it is 0.0.");
        assertThat(privacy("calibrate", "--epsilon=0 --rate=.01 --steps=9 --delta=1e-5"))
                .contains("--epsilon: it must be a finite number above 0; it is 0.0.");
        assertThat(privacy("calibrate", "--epsilon=NaN --rate=.01 --steps=9 --noise-multiplier=1 --delta=1e-5"))
                .contains("--epsilon: it must be a finite number above 0; it is NaN.")
                .contains("--noise-multiplier: give either it, or the number of steps by --steps or --epochs");
        assertThat(privacy("epsilon", "--relation=neighbours --delta=1e-5"))
                .contains("'--relation'", "must be one of add-or-remove-one, replace-one", "'neighbours'");
        assertThat(privacy("epsilon", "--accountant=magic --delta=1e-5"))
                .contains("must be one of rdp, pld", "'magic'");
        assertThat(refused("privacy", "epsilon", "--sampling", "often", "--delta", "1e-5"))
                .contains("must be one of poisson, fixed-size, none", "'often'");
        assertThat(refused("privacy", "epsilon", "--sampling", "poisson", "--delta", "1e-5"))
                .contains("Missing required option", "--relation");
        assertThat(refused(("privacy epsilon --sampling=poisson --rate=.01 --noise-multiplier=1 --steps=9 --delta=1e-5 "
                                + "--relation=replace-one")
                        .split(" ", -1)))
                .contains("cannot take this event", "PLD: ", "RDP: ");
    }

    @Test
    void aFileThatIsNoLedgerIsNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "epsilon 0.1\n");
        for (String command : List.of("budget", "ledger")) {
            assertThat(refused("privacy", command, "nowhere.ledger"))
                    .contains("nowhere.ledger: there is no such file.");
            assertThat(refused("privacy", command, text.toString())).contains(text + ": this is not a privacy ledger");
            assertThat(refused("privacy", command)).contains("LEDGER");
        }
    }

    @Test
    void aDemoWithoutItsDataSaysWhichFilesItNeeds() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(refused("demo", "heart-disease")).contains("--data", "cleveland.csv");
        assertThat(refused("demo", "breast-cancer", "--data", empty.toString())).contains("leave --data away");
        assertThat(refused("demo", "heart-disease", "--data", empty.toString()))
                .contains(empty.toString(), "cleveland.csv, hungarian.csv, switzerland.csv, va.csv");
        assertThat(refused("demo", "mnist", "--data", empty.toString()))
                .contains("train-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
        assertThat(refused("demo", "mnist", "--data", "nowhere")).contains("--data must be a folder", "nowhere");
        assertThat(refused("demo", "--protection", "paillier"))
                .contains("--protection must be plain or secure-aggregation. Provided value: paillier");
        assertThat(refused("demo", "lung-cancer")).contains("lung-cancer", "breast-cancer, heart-disease, mnist");
        assertThat(refused("demo", "--folder", folder.toString())).contains("--folder must be new or empty");
    }

    @Test
    void aRunCommandWithNobodyListeningNamesTheAddress() {
        String server = "http://127.0.0.1:" + closedPort;
        for (String[] command : List.of(
                new String[] {"run", "list"},
                new String[] {"run", "status", "some-run"},
                new String[] {"run", "watch", "some-run"},
                new String[] {"run", "stop", "some-run"},
                new String[] {"run", "resume", "some-run"},
                new String[] {
                    "run", "submit", folder.resolve("federation/plan.yaml").toString()
                },
                new String[] {"sites"})) {
            assertThat(refused(and(command, "--server", server)))
                    .contains("no aggregator answers at " + server)
                    .contains("Check the address");
        }
        assertThat(refused("run", "list", "--server", "localhost:7407"))
                .contains("--server must be such as http://", "localhost:7407");
    }

    @Test
    void aTokenFileThatHoldsNoTokenIsNamed() throws IOException {
        Path two = Files.writeString(folder.resolve("two"), "one\ntwo\n");
        Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 0, 1});
        assertThat(refused("run", "list", "--token-file", "nowhere")).contains("there is no file nowhere");
        assertThat(refused("run", "list", "--token-file", folder.toString())).contains(folder + ", a folder");
        assertThat(refused("run", "list", "--token-file", two.toString())).contains("one line");
        assertThat(refused("run", "list", "--token-file", bytes.toString())).contains("readable text file");
    }

    @Test
    void everyProblemOfAPlanIsToldBeforeAnythingIsSent() throws IOException {
        Path plan = Files.writeString(
                folder.resolve("plan.yaml"),
                Demo.BREAST_CANCER
                        .plan()
                        .replace("rounds: 15", "rounds: 0")
                        .replace("- relu", "- rilu")
                        .replace("seed: 42", "sede: 42"));
        assertThat(refused("run", "submit", plan.toString())).contains("rounds", "rilu", "sede", "seed");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(refused(
                            "broker",
                            "--port",
                            port,
                            "--folder",
                            folder.resolve("b").toString()))
                    .contains("port must be free", port);
            replace(files.aggregatorConfig(), "port: 0", "port: " + port);
            assertThat(refused("server", "--config", files.aggregatorConfig().toString()))
                    .contains("api.port must be free", port);
            Files.writeString(files.aggregatorConfig().resolveSibling("token"), "1234567890123456789012");
            replace(files.aggregatorConfig(), "host: 127.0.0.1", "token-file: token, host: no-such-host.invalid");
            assertThat(refused("server", "--config", files.aggregatorConfig().toString()))
                    .contains("api.host", "no-such-host.invalid");
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerIsToldInSecondsByProcessesOfTheirOwn() throws InterruptedException {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            List<Part> parts = List.of(
                    federation.start(
                            "server", "--config", files.aggregatorConfig().toString()),
                    federation.start("agent", "--config", site.toString()),
                    federation.start(
                            "agent",
                            "check",
                            "--config",
                            files.siteConfig("east").toString()),
                    federation.start(
                            "--debug",
                            "agent",
                            "--config",
                            files.siteConfig("north").toString()));
            for (Part part : parts) {
                assertThat(part.exitCode(LIMIT)).as(part.output()).isEqualTo(Failures.UNUSABLE);
                assertThat(part.output())
                        .contains("127.0.0.1:" + closedPort, "no broker answers in time. Check the address");
            }
            assertThat(parts.subList(0, 3))
                    .allSatisfy(part ->
                            assertThat(part.output()).doesNotContain("\tat ").doesNotContain("Exception"));
            assertThat(parts.get(3).output()).contains("\tat ");
        }
    }

    @Test
    void withoutTopicsAndInATakenWorkFolderAnAgentSaysWhatToDo() throws Exception {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Path logs = folder.resolve("broker");
            Part broker = federation.start("broker", "--folder", logs.toString(), "--port", "0");
            String address = broker.await("bootstrap.servers: (\\S+)", LIMIT);
            for (Path config : List.of(files.aggregatorConfig(), site)) {
                replace(config, "127.0.0.1:" + closedPort, address);
            }
            assertThat(refused("agent", "--config", site.toString()))
                    .contains("a topic of the federation is not there. Start the aggregator");

            Part server = federation.start(
                    "server", "--config", files.aggregatorConfig().toString());
            String api = server.await("aggregator of demo: (\\S+)", LIMIT);
            Part agent = federation.start("agent", "--config", site.toString());
            agent.await("ready", LIMIT);
            assertThat(refused("agent", "--config", site.toString()))
                    .contains(files.site("west").resolve("work").toString(), "another agent works in this folder");
            assertThat(refused("broker", "--port", "0", "--folder", logs.toString()))
                    .contains(logs.toString());
            assertThat(refused("run", "status", "no-such-run", "--server", api))
                    .contains("no run is named 'no-such-run'");

            for (Part part : List.of(agent, server, broker)) {
                String before = part.output();
                part.interrupt();
                assertThat(part.exitCode(Duration.ofSeconds(10))).isIn(130, 0);
                assertThat(part.output().substring(before.length()))
                        .as("said at Ctrl-C; the aggregator may log that the agent left")
                        .doesNotContain("WARN", "ERROR", "Exception", "tacita: ", "\tat ");
            }
        }
    }

    private static String privacy(String command, String options) {
        String relation = options.contains("--relation") ? "" : " --relation=add-or-remove-one";
        return refused(("privacy " + command + " --sampling=poisson " + options + relation).split(" ", -1));
    }

    /** What it printed; the same command with {@code --debug} shows where it came from. */
    private static String refused(String... command) {
        Typed typed = Typed.tacita(command);
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(Failures.UNUSABLE);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err())
                .startsWith("tacita: ")
                .doesNotContain("\tat ")
                .doesNotContain("Exception")
                .doesNotContain("null");
        assertThat(Typed.tacita(and(new String[] {"--debug"}, command)).err()).contains("\tat ");
        return typed.err();
    }

    private static String[] and(String[] first, String... more) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
    }

    private static void replace(Path file, String old, String now) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, now));
    }
}
