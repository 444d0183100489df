package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The files of one run: {@code plan.yaml}, {@code metrics.jsonl}, {@code model.safetensors}, {@code provenance.json}
 * and {@code report.html}. All but the metrics are written whole or not at all. Every method may be called again with
 * the same or a later history, by this process or by the next one after a crash, and leaves the files as if it had been
 * called once. Not safe for use by several threads at once.
 */
public final class RunDirectory {
    /** The trained model; a run that never opened a round has none. */
    public static final String MODEL = "model.safetensors";

    /** All there is when the run has ended. */
    public static final List<String> FILES =
            List.of("plan.yaml", "metrics.jsonl", MODEL, "provenance.json", "report.html");

    private final Path path;
    private final Surroundings surroundings;
    private final MetricsFile metrics;

    private RunDirectory(Path path, Surroundings surroundings) {
        this.path = path;
        this.surroundings = surroundings;
        this.metrics = new MetricsFile(path.resolve("metrics.jsonl"));
    }

    /**
     * The directory of a run, created if it is not there.
     *
     * @param runs where the directories of all runs lie
     * @param run which run
     * @param surroundings what the aggregator runs on
     */
    public static RunDirectory open(Path runs, RunId run, Surroundings surroundings) throws IOException {
        requireNonNull(surroundings, "surroundings is null");
        return new RunDirectory(Files.createDirectories(runs.resolve(run.value())), surroundings);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Where {@link #write(TrainedModel)} puts the model. */
    public Path model() {
        return path.resolve(MODEL);
    }

    /** One {@link RoundLine} for each closed round, as JSON; while it is written, its last line may be half. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** The report that people read. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** Writes the plan and a line for each round that closed: call it after each such message. */
    public void record(RunHistory history) throws IOException {
        Optional<String> plan = history.opened().map(RunOpened::plan);
        if (plan.isPresent()) {
            writeIfChanged(path.resolve("plan.yaml"), plan.get().getBytes(StandardCharsets.UTF_8));
        }
        metrics.write(history.lines());
    }

    /** Writes the model. */
    public void write(TrainedModel model) throws IOException {
        model.write(model());
    }

    /** Writes everything but the model: call it when the run ended, or to see how far it is. */
    public void publish(RunHistory history) throws IOException {
        record(history);
        metrics.force();
        Provenance provenance = Provenance.of(history, surroundings);
        writeIfChanged(path.resolve("provenance.json"), provenance.toJson());
        writeIfChanged(report(), new ReportPage(history, surroundings).html());
    }

    private static void writeIfChanged(Path file, byte[] bytes) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            AtomicFile.write(file, bytes);
        }
    }
}
