package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tacita.core.FederationId;
import dev.tacita.core.SiteId;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorApi;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.ApiSettings;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import dev.tacita.wire.SiteMessage.Hello;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What people and scripts read, from an aggregator that serves its interface in this process. */
final class CommandLineTest {
    private final InMemoryTransport transport = new InMemoryTransport(1);

    private Path folder = Path.of("");

    private Aggregator aggregator;
    private AggregatorApi api;
    private String server = "";

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        aggregator = Aggregator.start(
                new FederationId("demo"),
                transport,
                new AggregatorSettings(folder.resolve("runs"), 1),
                Clock.systemUTC(),
                meters,
                message -> {});
        api = AggregatorApi.start(aggregator, meters, new ApiSettings("127.0.0.1", 0, Optional.empty()));
        server = "http://127.0.0.1:" + api.address().getPort();
    }

    @AfterEach
    void end() {
        api.close();
        aggregator.close();
        transport.close();
    }

    @Test
    void aScriptReadsJson() throws IOException, InterruptedException {
        join("general", 120);
        Path plan = Files.writeString(folder.resolve("plan.yaml"), Demo.BREAST_CANCER.plan());

        JsonNode submitted = json(done("run", "submit", plan.toString(), "--json"));
        String run = submitted.required("run").textValue();
        assertThat(run).isEqualTo("breast-cancer-1");
        assertThat(json(done("run", "status", run, "--json")).required("rounds").intValue())
                .isEqualTo(15);
        assertThat(json(done("run", "list", "--json"))
                        .required(0)
                        .required("run")
                        .textValue())
                .isEqualTo(run);
        JsonNode site = json(done("sites", "--json")).required(0);
        assertThat(site.required("site").textValue()).isEqualTo("general");
        assertThat(site.required("datasets").required("breast-cancer").intValue())
                .isEqualTo(120);
        done("run", "stop", run);
        Typed check = Typed.tacita("agent", "check", "--json", "--config", "nowhere.yaml");
        assertThat(check.exitCode()).isEqualTo(Failures.UNUSABLE);
        assertThat(json(check.out()).required(0).required("level").textValue()).isEqualTo("FAIL");
    }

    @Test
    void aPersonReadsColumns() throws IOException, InterruptedException {
        assertThat(done("sites")).isEqualToIgnoringNewLines("no sites yet");
        assertThat(done("run", "list")).isEqualToIgnoringNewLines("no runs yet");
        join("st-mary-of-the-four-winds", 7);
        join("west", 120);
        assertAligned(done("sites"), "breast-cancer (7)", "breast-cancer (120)");

        String text = Demo.BREAST_CANCER.plan();
        Path one = Files.writeString(folder.resolve("one.yaml"), text.replaceFirst("name: .*", "name: a"));
        Path two = Files.writeString(
                folder.resolve("two.yaml"), text.replaceFirst("name: .*", "name: a far longer name of a run"));
        String first = done("run", "submit", one.toString()).strip();
        String second = done("run", "submit", two.toString()).strip();
        assertThat(first).isEqualTo("a-1");
        assertThat(second).isEqualTo("a-far-longer-name-of-a-run-1");
        assertAligned(done("run", "list"), " 0/15 ", " 0/15 ");
        assertThat(done("run", "status", first)).contains("a-1  waiting for sites  0/15 rounds");
        assertThat(done("run", "stop", first)).contains("stopped by an operator");
    }

    @Test
    void everyCommandHelps() {
        commands(Tacita.commandLine()).forEach(command -> {
            Typed help = typed(command, "--help");
            assertThat(help.exitCode()).as(command).isZero();
            assertThat(help.out())
                    .startsWith("Usage: " + command + " ")
                    .contains("--debug", "-h, --help", "-V, --version")
                    .doesNotContain("=<");
            assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
        });
    }

    @Test
    void everyCommandTellsItsVersion() {
        assertThat(commands(Tacita.commandLine()))
                .allSatisfy(command ->
                        assertThat(typed(command, "--version").out()).contains("tacita ", "Java " + Runtime.version()));
    }

    @Test
    void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
        assumeThat(Path.of("/bin/bash")).as("bash").isExecutable();
        Path script = Files.writeString(folder.resolve("completion"), done("generate-completion"));
        assertThat(completed(script, "s")).containsExactlyInAnyOrder("server", "simulate", "sites");
        assertThat(completed(script, "run", "st")).containsExactlyInAnyOrder("status", "stop");
        assertThat(completed(script, "agent", "check", "--c")).containsExactly("--config");
    }

    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String command = "source " + script + "; COMP_WORDS=(tacita " + String.join(" ", words) + "); COMP_CWORD="
                + words.length + "; _complete_tacita; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output.lines().map(String::strip).toList();
    }

    private void join(String site, long examples) throws InterruptedException {
        Hello hello = new Hello(
                new SiteId(site),
                "s",
                "1",
                List.of(new DatasetOffer("breast-cancer", Optional.of(examples), Optional.empty())));
        transport.append(Channel.SITES, List.of(MessageCodec.encode(hello)));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> done("sites").contains(site));
    }

    private String done(String... command) {
        boolean asks = command[0].equals("run") || command[0].equals("sites");
        String[] arguments = asks
                ? Stream.concat(Stream.of(command), Stream.of("--server", server))
                        .toArray(String[]::new)
                : command;
        Typed typed = Typed.tacita(arguments);
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(typed.err()).isEmpty();
        return typed.out();
    }

    private static void assertAligned(String table, String inFirst, String inSecond) {
        List<String> lines = table.lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1).indexOf(inFirst))
                .as(table)
                .isPositive()
                .isEqualTo(lines.get(2).indexOf(inSecond));
    }

    private static Stream<String> commands(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        return Stream.concat(
                Stream.of(name), command.getSubcommands().values().stream().flatMap(CommandLineTest::commands));
    }

    private static Typed typed(String command, String option) {
        return Typed.tacita(Stream.concat(Stream.of(command.split(" ", -1)).skip(1), Stream.of(option))
                .toArray(String[]::new));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}
