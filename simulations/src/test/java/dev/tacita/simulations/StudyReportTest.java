package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.number.SeedStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyReportTest {
    /** The same sites, each with test rows of its own. */
    private static final String HELD_OUT = StudyTest.TWELVE_CELLS
            .replace(
                    "partition: {dirichlet: {alpha: 0.2, smallest: 3}}}",
                    "partition: {dirichlet: {alpha: 0.5, smallest: 12}}, hold-out: 0.25}")
            .replace("[1, 2, 3]", "[1, 2]");

    private static final String PUBLISHED = """
            published:
              source: Nobody <et al.> 2020
              figures:
                unlike:
                  fedavg: {rounds: 40}
                  scaffold: {rounds: 10, accuracy: 0.93}
            """;

    @Test
    void fairnessIsThatOfTheSitesOwnTestRows(@TempDir Path folder) throws Exception {
        List<CellResult> results = StudyTest.run(StudyTest.study(folder, HELD_OUT), folder.resolve("out"), 1);
        List<Map<String, String>> sites =
                ResultsTable.read(folder.resolve("out"), "sites.csv").rows();
        for (CellResult result : results) {
            double[] sorted = sites.stream()
                    .filter(row -> result.cell().equals(cell(row)) && "30".equals(row.get("round")))
                    .mapToDouble(row -> Double.parseDouble(row.getOrDefault("test_accuracy", "")))
                    .sorted()
                    .toArray();
            if (result.cell().population().equals("alike")) {
                assertThat(sorted).isEmpty();
                assertThat(result.last("variance_site_accuracy")).isNaN();
                continue;
            }
            assertThat(sorted).hasSize(5);
            double mean = Arrays.stream(sorted).average().orElseThrow();
            double squares = 0;
            for (double accuracy : sorted) {
                squares += (accuracy - mean) * (accuracy - mean) / 5;
            }
            assertThat(result.last("variance_site_accuracy")).isCloseTo(squares, within(1e-12));
            // Of five, the tenth part lies four tenths of the way from the least to the next.
            assertThat(result.last("tenth_percentile_site_accuracy"))
                    .isCloseTo(.6 * sorted[0] + .4 * sorted[1], within(1e-12));
        }
        String page = Files.readString(folder.resolve("out/report.html"));
        assertThat(page.split("Fairness", -1))
                .as("only where sites have test rows")
                .hasSize(2);
        assertThat(page).contains("<td>" + Spread.of(results.subList(4, 6), it -> it.last("variance_site_accuracy")));
    }

    private static Cell cell(Map<String, String> row) {
        return new Cell(
                row.getOrDefault("population", ""),
                row.getOrDefault("run", ""),
                Long.parseLong(row.getOrDefault("seed", "")));
    }

    @Test
    void roundsToAnAccuracyStandBesideThosePublished(@TempDir Path folder) throws Exception {
        String text = HELD_OUT.replace("measure-every: 5", "measure-every: 1") + "stop-at-accuracy: 0.75\n" + PUBLISHED;
        List<CellResult> results = StudyTest.run(StudyTest.study(folder, text), folder.resolve("out"), 1);
        String page = Files.readString(folder.resolve("out/report.html"));
        List<CellResult> fedavg = results.subList(4, 6);
        int first = fedavg.get(0).reached().orElseThrow();
        int second = fedavg.get(1).reached().orElseThrow();
        assertThat(page)
                .contains("<th>0.7500</th><th>published</th><th>here / published</th>")
                .contains(String.format(
                        Locale.ROOT,
                        "<tr><td>fedavg</td><td>%.0f (%d to %d)</td><td>40</td><td>%.2f</td></tr>",
                        (first + second) / 2.0,
                        Math.min(first, second),
                        Math.max(first, second),
                        (first + second) / 80.0))
                .contains("Published figures: Nobody &lt;et al.&gt; 2020")
                .contains("<td>0.9300</td>");
        assertThat(page.split("here / published", -1))
                .as("only of the population it is about")
                .hasSize(2);
    }

    @Test
    void withoutATargetRoundsAreToPartsOfTheBest(@TempDir Path folder) throws Exception {
        List<CellResult> results = StudyTest.run(StudyTest.study(folder, HELD_OUT), folder.resolve("out"), 1);
        double best = results.subList(0, 4).stream()
                .mapToDouble(CellResult::best)
                .max()
                .orElseThrow();
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains(String.format(
                        Locale.ROOT, "<th>%.4f</th><th>%.4f</th><th>%.4f</th>", .9 * best, .95 * best, .99 * best));
        for (CellResult result : results) {
            double[] accuracies = result.numbers("test_accuracy");
            int round = result.roundOf(.9 * best).orElseThrow();
            assertThat(round % 5).as("only those that were measured").isZero();
            assertThat(accuracies[round - 1]).isGreaterThanOrEqualTo(.9 * best);
            assertThat(Arrays.stream(accuracies, 0, round - 1)).noneMatch(it -> it >= .9 * best);
        }
    }

    @Test
    void lossIsDrawnAsAccuracyIs(@TempDir Path folder) throws Exception {
        StudyTest.run(StudyTest.study(folder, HELD_OUT), folder.resolve("out"), 1);
        assertThat(Files.readString(folder.resolve("out/figures/loss-unlike.svg")))
                .contains("<title>test loss by round</title>")
                .contains(">0.00<")
                .containsPattern("(?s)<polyline.*<polyline");
    }

    @Test
    void theCosineBetweenUpdatesIsThatOfAllPairs() {
        long seed = 5;
        var random = SeedStream.of(seed).random();
        int parameters = 40;
        List<SiteAnswered> sites = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            float[] update = new float[parameters + 3];
            for (int j = 0; j < update.length; j++) {
                update[j] = (float) (random.nextGaussian() + (j % 3 == 0 ? 1 : 0));
            }
            double norm = UpdateCosine.norm(update, parameters);
            sites.add(new SiteAnswered(Evaluation.NONE, 3 + i, norm, update, new float[0], ""));
        }
        double products = 0;
        double lengths = 0;
        for (int i = 0; i < 7; i++) {
            for (int k = 0; k < 7; k++) {
                if (i == k) {
                    continue;
                }
                SiteAnswered one = sites.get(i);
                SiteAnswered other = sites.get(k);
                for (int j = 0; j < parameters; j++) {
                    products += (double) one.weight() * other.weight() * one.update()[j] * other.update()[j];
                }
                lengths += one.weight() * other.weight() * one.norm() * other.norm();
            }
        }
        double[] mean = UpdateCosine.mean(sites, parameters);
        assertThat(UpdateCosine.of(sites, mean, parameters).orElseThrow())
                .as("seed " + seed)
                .isCloseTo(products / lengths, within(1e-12));
        assertThat(UpdateCosine.of(sites.subList(0, 1), mean, parameters)).isEmpty();
    }

    @Test
    void sitesThatDifferPullApart(@TempDir Path folder) throws Exception {
        String text = HELD_OUT.replace(
                "dirichlet: {alpha: 0.5, smallest: 12}", "pathological: {classes: 1, order: in-order}");
        List<CellResult> results = StudyTest.run(StudyTest.study(folder, text), folder.resolve("out"), 1);
        double alike =
                Spread.of(results.subList(0, 2), it -> it.last("update_cosine")).mean();
        double unlike =
                Spread.of(results.subList(4, 6), it -> it.last("update_cosine")).mean();
        assertThat(unlike).isLessThan(alike - .2);
        assertThat(Files.readString(folder.resolve("out/figures/drift-unlike.svg")))
                .contains("cosine between updates");
    }

    @Test
    void bestAccuraciesPublishedOfARunWithListsStandBesideEachOfThem(@TempDir Path folder) throws Exception {
        String text = HELD_OUT.replaceAll("learning-rate: [0-9.]+", "learning-rate: [0.1, 0.2]")
                + PUBLISHED
                        .replace("{rounds: 40}", "{best-accuracy: 0.81}")
                        .replace(
                                "scaffold: {rounds: 10, accuracy: 0.93}",
                                "'scaffold learning-rate=0.2': {best-accuracy: 0.82}");
        StudyTest.run(StudyTest.study(folder, text), folder.resolve("out"), 1);
        String page = Files.readString(folder.resolve("out/report.html"));
        assertThat(page.split("<th>best test accuracy</th><th>published best</th>", -1))
                .as("only of the population it is about")
                .hasSize(2);
        assertThat(page).doesNotContain("<th>published</th>");
        assertThat(page.split("<td>0.8100</td>", -1)).as("both runs").hasSize(3);
        assertThat(page.split("<td>0.8200</td>", -1)).as("the one named").hasSize(2);
    }

    @Test
    void publishedFiguresAreOfRunsOfTheStudy(@TempDir Path folder) {
        assertThatThrownBy(() -> StudyTest.study(folder, HELD_OUT + PUBLISHED.replace("scaffold:", "scafold:")))
                .hasMessageContaining("published figures must be of a run of the study, one of fedavg, scaffold."
                        + " Provided value: 'scafold'");
        assertThatThrownBy(() -> StudyTest.study(folder, HELD_OUT + PUBLISHED.replace("{rounds: 40}", "{}")))
                .hasMessageContaining(
                        "a published figure needs an accuracy, a best-accuracy, or rounds. Provided: none");
    }

    /** Before there were columns for fairness. */
    @Test
    void cellsOfAnEarlierVersionAreKept(@TempDir Path folder) throws Exception {
        Study study = StudyTest.study(folder, HELD_OUT);
        List<CellResult> results = StudyTest.run(study, folder.resolve("out"), 1);
        try (var files = Files.list(folder.resolve("out/cells"))) {
            for (Path file :
                    files.filter(it -> it.toString().endsWith("rounds.csv")).toList()) {
                Files.write(
                        file,
                        Files.readAllLines(file).stream()
                                .map(StudyReportTest::cut)
                                .toList());
            }
        }
        List<CellResult> again = StudyTest.run(study, folder.resolve("out"), 1);
        for (int i = 0; i < results.size(); i++) {
            assertThat(again.get(i).last()).isEqualTo(results.get(i).last());
            assertThat(again.get(i).last("variance_site_accuracy")).isNaN();
            assertThat(again.get(i).last("test_loss")).isEqualTo(results.get(i).last("test_loss"));
        }
        assertThat(ResultsTable.read(folder.resolve("out"), "results.csv").rows())
                .hasSize(8 * 30);
    }

    private static String cut(String line) {
        return String.join(",", Arrays.asList(line.split(",", -1)).subList(0, 19));
    }
}
