package dev.tacita.server.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private final Path runs;
    private final SampleHistory sample = SampleHistory.small();
    private final RunHistory history = sample.history();

    RunDirectoryTest(@TempDir Path runs) {
        this.runs = runs;
    }

    private RunDirectory open() throws IOException {
        return RunDirectory.open(runs, sample.run, SampleReport.SURROUNDINGS);
    }

    @Test
    void aRunLeavesAllItsFilesAndNoOthers() throws IOException {
        RunDirectory directory = open();
        directory.write(model());
        directory.publish(history);
        try (Stream<Path> files = Files.list(runs.resolve("breast-cancer-20260314-0915"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "plan.yaml", "metrics.jsonl", "model.safetensors", "provenance.json", "report.html");
        }
        assertThat(Files.readString(directory.path().resolve("plan.yaml")))
                .isEqualTo(history.opened().orElseThrow().plan());
        assertThat(TrainedModel.read(directory.model(), sample.plan).parameters())
                .isEqualTo(model().parameters());
    }

    @Test
    void metricsGrowByALineWithEachRound() throws IOException {
        RunDirectory directory = open();
        RunHistory growing = RunHistory.empty(sample.run, sample.plan);
        for (var message : sample.journal()) {
            growing = growing.with(message);
            directory.record(growing);
            assertThat(lines(directory)).isEqualTo(growing.lines());
        }
        assertThat(lines(directory)).hasSize(17);
    }

    @Test
    void afterACrashAtAnyByteTheMetricsAreWholeAgain() throws IOException {
        SampleHistory tiny = SampleHistory.tiny();
        RunHistory whole = tiny.history();
        RunHistory early = RunHistory.of(tiny.run, tiny.plan, tiny.journal().subList(0, 8));
        assertThat(early.lines()).hasSize(2);
        assertThat(whole.lines()).hasSize(4);
        open().record(early);
        Path file = open().metrics();
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length <= bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            RunDirectory directory = open();
            directory.record(early);
            assertThat(Files.readAllBytes(file))
                    .as("cut after %d bytes", length)
                    .isEqualTo(bytes);
            directory.record(whole);
            assertThat(lines(directory)).as("cut after %d bytes", length).isEqualTo(whole.lines());
        }
    }

    @Test
    void foreignBytesInTheMetricsAreReplaced() throws IOException {
        RunDirectory directory = open();
        directory.record(history);
        byte[] whole = Files.readAllBytes(directory.metrics());
        Files.writeString(directory.metrics(), "{\"half", java.nio.file.StandardOpenOption.APPEND);
        directory.record(history);
        assertThat(Files.readAllBytes(directory.metrics())).isEqualTo(whole);
    }

    @Test
    void publishingAgainTouchesNothing() throws IOException {
        open().publish(history);
        FileTime old = FileTime.fromMillis(1_000_000);
        List<Path> files;
        try (Stream<Path> all = Files.list(open().path())) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.setLastModifiedTime(file, old);
        }
        open().publish(history);
        assertThat(files)
                .hasSize(4)
                .allSatisfy(file -> assertThat(Files.getLastModifiedTime(file)).isEqualTo(old));
    }

    @Test
    void provenanceSaysWhereTheModelComesFromAndPromisesNothing() throws IOException {
        open().publish(history);
        JsonNode json = Json.parse(Files.readString(open().path().resolve("provenance.json")));
        assertThat(json.path("format").asInt()).isEqualTo(1);
        assertThat(json.path("privacy").asText()).isEqualTo("none: protection plain, no differential privacy");
        assertThat(json.path("model-sha256").asText())
                .isEqualTo(SampleHistory.hash(15).toString());
        assertThat(json.path("plan-sha256").asText())
                .isEqualTo(Hashes.of(history.opened().orElseThrow().plan()).toString());
        assertThat(json.path("seed").asLong()).isEqualTo(20260314);
        assertThat(json.path("rounds")).hasSize(17);
        assertThat(json.path("rounds").path(6).path("counted").toString())
                .isEqualTo("[\"basel-university\",\"st-mary\"]");
        assertThat(json.path("aggregator").path("git-commit").asText()).isEqualTo(SampleReport.SURROUNDINGS.commit());
        assertThat(json.path("sites").path(4).path("refused").path(0).asText()).contains("secure-aggregation");
        assertThat(json.path("outcome").asText()).isEqualTo("completed");
    }

    @Test
    void provenanceOfVersionOneIsWrittenAsItAlwaysWas() throws IOException {
        RunHistory two = RunHistory.of(sample.run, sample.plan, sample.journal().subList(0, 8));
        String golden;
        try (var in = RunDirectoryTest.class.getResourceAsStream("provenance-1.json")) {
            golden = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(new String(Provenance.of(two, SampleReport.SURROUNDINGS).toJson(), StandardCharsets.UTF_8))
                .isEqualTo(golden);
    }

    @Test
    void whatTheAggregatorRunsOnIsKnown() {
        Surroundings here = Surroundings.here();
        assertThat(here.version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(here.commit()).isNotBlank().doesNotContain("$");
        assertThat(here.java()).contains(System.getProperty("java.version"));
        assertThat(here.processor()).endsWith(" available");
    }

    private TrainedModel model() {
        float[] parameters = new float[sample.plan.model().layout().size()];
        Arrays.fill(parameters, 0.5f);
        return new TrainedModel(sample.run, sample.plan.name(), 15, sample.plan.model(), parameters);
    }

    private static List<RoundLine> lines(RunDirectory directory) throws IOException {
        return Files.readAllLines(directory.metrics()).stream()
                .map(RoundLine::parse)
                .toList();
    }
}
