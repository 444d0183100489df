package dev.tacita.simulations.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.simulations.Backend;
import dev.tacita.simulations.CellResult;
import dev.tacita.simulations.ParquetTables;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.StudyListener;
import dev.tacita.simulations.StudyRunner;
import dev.tacita.simulations.StudyTables;
import dev.tacita.simulations.ThreadBackend;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateOnSparkTest {
    private static final String STUDY = """
            name: submitted
            data:
              sites:
                east: {schema: schema.yaml, data: east.csv}
                west: {schema: schema.yaml, data: west.csv}
                north: {schema: schema.yaml, data: north.csv}
            model:
              input: [2]
              layers:
                - dense: {units: 1}
            loss: binary-cross-entropy-with-logits
            runs:
              fedavg: {algorithm: {fedavg: {epochs: 1, batch-size: 8, optimizer: {sgd: {learning-rate: 0.1}}}}}
              median:
                algorithm: {fedavg: {epochs: 1, batch-size: 8, optimizer: {sgd: {learning-rate: 0.1}}}}
                aggregation: median
              hidden:
                algorithm: {fedavg: {epochs: 1, batch-size: 8, optimizer: {sgd: {learning-rate: 0.1}}}}
                protection:
                  secure-aggregation:
                    {adversary: active, corrupted: 0, drop-outs: 0, largest-value: 16, largest-weight: 100, bits: 28, modulus-bits: 32}
                quorum: 3
            rounds: 4
            seeds: [1, 2]
            """;

    private record Typed(int exitCode, String out, String err) {}

    private static Typed typed(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = SimulateOnSpark.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return new Typed(command.execute(arguments), out.toString(), err.toString());
    }

    private static Path study(Path folder, String text) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        for (String site : List.of("east", "west", "north")) {
            List<String> lines = new ArrayList<>(List.of("a,b,ill"));
            for (int i = 0; i < 60; i++) {
                int a = (i * 37 + site.length() * 11) % 23;
                int b = i * 53 % 19;
                lines.add(a + "," + b + "," + (a > b ? 1 : 0));
            }
            Files.write(data.resolve(site + ".csv"), lines);
        }
        Files.writeString(folder.resolve("schema.yaml"), """
                name: patients
                kind: csv
                missing: drop-row
                columns: {a: numeric, b: numeric}
                target: {column: ill, classes: {well: [0], ill: [1]}}
                standardise: all
                split: {train: 0.7, validation: 0, test: 0.3, seed: 1, stratify: true}
                """);
        return Files.writeString(folder.resolve("study.yaml"), text);
    }

    /** As spark-submit does: Spark's jars are on the class path, ours comes with the command. */
    private static Typed submitted(Path folder, List<String> arguments) throws IOException, InterruptedException {
        String carried = "tacita-.*|(javacpp|dnnl|openblas|opencl|hipparchus|snakeyaml|picocli|commons-csv)-.*";
        String ofSpark = Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
                .map(Path::of)
                .filter(entry -> Files.isRegularFile(entry)
                        && !entry.getFileName().toString().matches(carried))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-cp", ofSpark));
        command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"));
        for (String setting : List.of("driver.host=127.0.0.1", "driver.bindAddress=127.0.0.1", "ui.enabled=false")) {
            command.addAll(List.of("--conf", "spark." + setting));
        }
        command.addAll(List.of("--class", SimulateOnSpark.class.getName(), "target/tacita-spark.jar"));
        command.addAll(arguments);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it has ended").isTrue();
            return new Typed(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theSubmittedJarRunsAStudyAsThreadsDoAndGoesOnWhereTheyWere(@TempDir Path folder) throws Exception {
        Path file = study(folder.resolve("study"), STUDY);
        Path moved = Files.move(folder.resolve("study/data"), folder.resolve("moved"));
        Study study = StudyPlace.of(file, Optional.of(moved)).study();
        Path threads = folder.resolve("threads");
        List<CellResult> expected;
        try (Backend backend = new ThreadBackend(2)) {
            expected = StudyRunner.run(study, threads, backend, StudyListener.SILENT);
        }
        Path out = folder.resolve("spark");
        Files.createDirectories(out.resolve("cells"));
        try (Stream<Path> cells = Files.list(threads.resolve("cells"))) {
            for (Path each :
                    cells.filter(cell -> cell.toString().contains("fedavg.1.")).toList()) {
                Files.copy(each, out.resolve("cells").resolve(each.getFileName()));
            }
        }
        Typed typed = submitted(
                folder, List.of(file.toString(), "--parquet", "--data", moved.toString(), "--out", out.toString()));
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(typed.out())
                .isEqualToNormalizingNewlines(String.join("\n", StudyTables.results(study, expected)) + "\nresults: "
                        + out.resolve("results.csv") + " and " + out.resolve("report.html") + "\n");
        assertThat(typed.err())
                .contains("1/6 natural fedavg seed 1 was done before: did all 4 rounds")
                .contains("6/6 natural hidden seed 2 did all 4 rounds");
        for (String table : List.of("results.csv", "sites.csv", "summary.csv", "report.html")) {
            assertThat(out.resolve(table)).hasSameTextualContentAs(threads.resolve(table));
        }
        for (Path table : ParquetTables.write(threads)) {
            assertThat(out.resolve(table.getFileName())).hasSameBinaryContentAs(table);
        }
    }

    @Test
    void allThatIsWrongWithAStudyIsSaidAtOnceBeforeAnythingRuns(@TempDir Path folder) throws IOException {
        Path file = study(
                folder,
                STUDY.replace("rounds: 4", "rounds: 0")
                        .replace("name: ", "colour: green\nname: ")
                        .replace("west.csv", "nowhere.csv"));
        Typed typed = typed(file.toString(), "--data", folder.resolve("data").toString());
        assertThat(typed.exitCode()).isEqualTo(2);
        assertThat(typed.err())
                .startsWith("tacita: " + file + " has 3 problems:")
                .contains("colour: unknown key", "rounds: must be", "nowhere.csv")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("study.yaml.results")).doesNotExist();
        Typed debugged = typed("--debug", file.toString());
        assertThat(debugged.err()).contains("\tat ");
    }

    @Test
    void theGridIsShownWithoutSpark(@TempDir Path folder) throws IOException {
        Path file = study(folder, STUDY);
        String data = folder.resolve("data").toString();
        Typed typed = typed("--dry-run", "--data", data, file.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(typed.out()).contains("6 cells, 72 site updates of 3 parameters");
        assertThat(folder.resolve("study.yaml.results")).doesNotExist();
    }

    @Test
    void aWrongOptionIsNamed() {
        Typed typed = typed("--nope");
        assertThat(typed.exitCode()).isEqualTo(2);
        assertThat(typed.err())
                .isEqualToNormalizingNewlines("tacita: Missing required parameter: 'STUDY'; unknown: '--nope'."
                        + " --help shows what there is.\n");
    }
}
