package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.LocalDataset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class StudyTest {
    private static final LocalDataset ROWS = Samples.dataset(Samples.rows(300, 3, 1), Samples.rows(150, 3, 2));

    /** Two populations, two ways of training, three seeds. */
    static final String TWELVE_CELLS = """
            name: twelve cells
            data: {schema: schema.yaml}
            populations:
              alike: {sites: 5, partition: iid}
              unlike: {sites: 5, partition: {dirichlet: {alpha: 0.2, smallest: 3}}}
            model:
              input: [5]
              layers:
                - dense: {units: 3}
            loss: softmax-cross-entropy
            runs:
              fedavg: {algorithm: {fedavg: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.05}}}}}
              scaffold:
                algorithm: {scaffold: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.05}}}}
                cohort-fraction: 0.6
            rounds: 30
            measure-every: 5
            seeds: [1, 2, 3]
            """;

    static Study study(Path folder, String text) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("schema.yaml"), "read by nobody");
        Path file = Files.writeString(folder.resolve("study.yaml"), text);
        return StudyReader.read(
                file,
                (schema, data) -> data.isEmpty()
                        ? ROWS
                        : Samples.dataset(
                                Samples.rows(data.get().endsWith("none.csv") ? 0 : 40, 3, data.hashCode()),
                                ROWS.test()));
    }

    @Test
    void aGridGivesTablesAndEveryCellItsFiles(@TempDir Path folder) throws Exception {
        Study study = study(folder, TWELVE_CELLS);
        assertThat(study.cells()).hasSize(12);
        List<CellResult> results = run(study, folder.resolve("out"), 2);
        assertThat(results).allSatisfy(each -> {
            assertThat(each.ended()).isEqualTo("did all 30 rounds");
            assertThat(each.rounds()).hasSize(30);
            assertThat(each.last()).isGreaterThan(.8);
        });
        List<String> table = Files.readAllLines(folder.resolve("out/results.csv"));
        assertThat(table).hasSize(1 + 12 * 30);
        assertThat(table.get(0)).startsWith("population,run,seed,round,asked,contributions,train_loss");
        assertThat(table.get(1))
                .startsWith("alike,fedavg,1,1,5,5,")
                .contains(",,,,,,0,0,,,,,,,0.")
                .endsWith(",72,72");
        assertThat(table.get(5).split(",", -1)).hasSameSizeAs(table.get(0).split(",", -1));
        assertThat(table.get(5)).startsWith("alike,fedavg,1,5,5,5,").contains(",150,");
        assertThat(table.get(91)).startsWith("alike,scaffold,1,1,3,3,");
        assertThat(Files.readAllLines(folder.resolve("out/summary.csv"))).hasSize(13);
        String page = Files.readString(folder.resolve("out/report.html"));
        for (String figure : List.of("accuracy-alike", "accuracy-unlike", "labels-alike", "labels-unlike")) {
            String svg = Files.readString(folder.resolve("out/figures/" + figure + ".svg"));
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(svg)))
                            .getElementsByTagName(figure.startsWith("labels") ? "rect" : "polyline")
                            .getLength())
                    .isEqualTo(figure.startsWith("labels") ? 5 * 3 + 3 : 2);
            assertThat(page).contains(svg.strip());
        }
        assertThat(page).contains("<td>scaffold</td><td>" + Spread.of(results.subList(3, 6), CellResult::last));
        run(study, folder.resolve("one worker"), 1);
        assertThat(Files.readString(folder.resolve("one worker/results.csv")))
                .isEqualTo(Files.readString(folder.resolve("out/results.csv")));
    }

    @Test
    void aStudyThatWasKilledGoesOnWhereItWas(@TempDir Path folder) throws Exception {
        Study study = study(folder.resolve("whole"), TWELVE_CELLS);
        run(study, folder.resolve("whole/out"), 2);
        Path out = folder.resolve("killed/out");
        Study again = study(folder.resolve("killed"), TWELVE_CELLS);
        kill(folder.resolve("killed"), 5);
        assertThat(out.resolve("results.csv")).doesNotExist();
        Map<Path, FileTime> before = times(out);
        assertThat(before.keySet().stream().filter(file -> file.toString().endsWith(".done")))
                .hasSizeBetween(5, 11);
        List<CellResult> kept = new ArrayList<>();
        try (ThreadBackend backend = new ThreadBackend(1)) {
            StudyRunner.run(again, out, backend, new StudyListener() {
                @Override
                public void done(CellResult result, boolean earlier) {
                    if (earlier) {
                        kept.add(result);
                    }
                }
            });
        }
        assertThat(kept).hasSizeBetween(5, 11);
        Map<Path, FileTime> after = times(out);
        before.forEach((file, time) -> {
            if (file.toString().endsWith(".done")) {
                assertThat(after).as("a finished cell is not touched").containsEntry(file, time);
            }
        });
        for (String table : List.of("results.csv", "sites.csv", "summary.csv")) {
            assertThat(Files.readString(out.resolve(table)))
                    .isEqualTo(Files.readString(folder.resolve("whole/out").resolve(table)));
        }
    }

    /** Starts the study in a process of its own and kills it after so many cells, while it is at the next. */
    private static void kill(Path folder, int cells) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StudyProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            for (String line = lines.readLine(); line != null && seen < cells; line = lines.readLine()) {
                seen += line.startsWith("done ") ? 1 : 0;
            }
            process.destroyForcibly();
            assertThat(seen).isEqualTo(cells);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("it did not end by itself").isNotZero();
        }
    }

    private static Map<Path, FileTime> times(Path folder) throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("cells"))) {
            for (Path file : files.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void aCellIsRunAgainIfWhatDecidesItChanged(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("out");
        String one = TWELVE_CELLS.replace("[1, 2, 3]", "[1]");
        run(study(folder, one), out, 1);
        List<Boolean> before = new ArrayList<>();
        Study changed = study(
                folder,
                one.replace("cohort-fraction: 0.6", "cohort-fraction: 0.4").replace("seeds: [1]", "seeds: [1, 2]"));
        try (ThreadBackend backend = new ThreadBackend(1)) {
            StudyRunner.run(changed, out, backend, new StudyListener() {
                @Override
                public void done(CellResult result, boolean earlier) {
                    before.add(earlier);
                }
            });
        }
        assertThat(before).containsExactly(true, false, false, false, true, false, false, false);
    }

    @Test
    void aRunEndsAtItsTargetOrSaysThatItNeverReachedIt(@TempDir Path folder) throws Exception {
        String text = TWELVE_CELLS.replace("seeds: [1, 2, 3]", "seeds: [1]\nstop-at-accuracy: %s");
        for (CellResult each : run(study(folder, text.formatted("0.7")), folder.resolve("out"), 1)) {
            assertThat(each.reached()).isPresent();
            assertThat(each.ended())
                    .isEqualTo("reached accuracy 0.7 in round " + each.reached().getAsInt());
            assertThat(each.rounds()).hasSize(each.reached().getAsInt());
        }
        for (CellResult each : run(study(folder, text.formatted("1.0")), folder.resolve("out"), 1)) {
            assertThat(each.reached()).isEmpty();
            assertThat(each.ended()).matches("did not reach accuracy 1.0 in 30 rounds; its best was 0\\.[89].*");
        }
    }

    @Test
    void sitesOfTheirOwnAreMeasuredOneByOne(@TempDir Path folder) throws Exception {
        String text = TWELVE_CELLS.replaceAll("(?s)data: .*model:", """
                        data:
                          sites:
                            bonn: {schema: schema.yaml, data: a.csv}
                            aachen: {schema: schema.yaml, data: b.csv}
                        model:""").replace("[1, 2, 3]", "[1]");
        run(study(folder, text), folder.resolve("out"), 2);
        List<String> sites = Files.readAllLines(folder.resolve("out/sites.csv"));
        assertThat(sites).hasSize(1 + 2 * 6 * 2);
        assertThat(sites.get(1)).startsWith("natural,fedavg,1,5,aachen,150,");
        assertThat(sites.get(2)).startsWith("natural,fedavg,1,5,bonn,150,");
    }

    @Test
    void allProblemsOfAStudyAndItsDataAreReportedAtOnce(@TempDir Path folder) {
        String text = TWELVE_CELLS
                .replace("name: twelve cells", "name: twelve cells\ncolour: green")
                .replace("alpha: 0.2", "alpha: 0")
                .replace("sites: 5, partition: iid", "sites: 200, partition: {shards: {per-site: 2}}")
                .replace("measure-every: 5", "stop-at-accuracy: 1.5")
                .replace("cohort-fraction: 0.6", "aggregation: {krum: {hostile: -1}}");
        assertThat(problems(folder, text))
                .containsExactly(
                        "study.yaml:2:1 colour: unknown key. Known here: name, seeds, data, populations, model,"
                                + " loss, rounds, cohort-fraction, runs, measure-every, stop-at-accuracy, encoding-limit, published.",
                        "study.yaml:5:10 populations.alike: 400 shards needs at least 400 rows. Provided value: 300.",
                        "study.yaml:6:53 populations.unlike.partition.dirichlet.alpha: must be a number > 0. Provided"
                                + " value: '0'.",
                        "study.yaml:16:35 runs.scaffold.aggregation.krum.hostile: must be a whole number from 0 to"
                                + " 1000000. Provided value: '-1'.",
                        "study.yaml:18:19 stop-at-accuracy: must be a number > 0 and <= 1. Provided value: '1.5'.");
    }

    @Test
    void aSiteWithNoRowsAndARunThatDoesNotFitAreNamed(@TempDir Path folder) {
        String natural = """
                data:
                  sites:
                    bonn: {schema: schema.yaml, data: none.csv}
                    aachen: {schema: schema.yaml, data: b.csv}
                    köln: {schema: absent.yaml}
                model:""";
        assertThat(problems(folder, TWELVE_CELLS.replaceAll("(?s)data: .*model:", natural)))
                .containsExactly(
                        "study.yaml:4:11 data.sites.bonn: a site must have at least one row to train on. Provided: none.",
                        "study.yaml:6:20 data.sites.köln.schema: there is no such file. Provided value:"
                                + " 'absent.yaml'.");
        assertThat(problems(
                        folder, TWELVE_CELLS.replace("cohort-fraction: 0.6", "aggregation: {bulyan: {hostile: 1}}")))
                .anySatisfy(problem -> assertThat(problem).contains("bulyan takes updates alone, and scaffold adds"))
                .anySatisfy(problem -> assertThat(problem).contains("bulyan needs at least 7 updates"));
    }

    private static List<String> problems(Path folder, String text) {
        var exception = catchThrowableOfType(ProblemsException.class, () -> study(folder, text));
        assertThat(exception).as("it must be refused").isNotNull();
        return exception.problems().stream()
                .map(Problem::toString)
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    static List<CellResult> run(Study study, Path out, int workers) throws IOException, InterruptedException {
        try (ThreadBackend backend = new ThreadBackend(workers)) {
            return StudyRunner.run(study, out, backend, StudyListener.SILENT);
        }
    }
}
