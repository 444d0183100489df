package dev.tacita.cli;

import static dev.tacita.cli.Typed.tacita;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tacita simulate} does with the studies of its page. */
final class SimulateCommandTest {
    private static final Path DEMO = Path.of("src/main/resources/dev/tacita/cli/demo/breast-cancer");
    private static final Path PAGE = Path.of("../docs/simulation.md");
    private static final Pattern STUDY = Pattern.compile("<!-- study -->\n```yaml\n(.*?)```", Pattern.DOTALL);

    private Path folder = Path.of("");
    private String page = "";

    @BeforeEach
    void copyTheData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        page = Files.readString(PAGE);
        try (Stream<Path> files = Files.list(DEMO)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private Path study(int number) throws IOException {
        List<String> studies =
                STUDY.matcher(page).results().map(match -> match.group(1)).toList();
        return Files.writeString(folder.resolve("study.yaml"), studies.get(number));
    }

    @Test
    void theStudyOfFourHospitalsIsRunAndGoesOn() throws IOException {
        Path study = study(0);
        Typed grid = tacita("simulate", "--dry-run", study.toString());
        assertThat(grid.exitCode()).as(grid.err()).isZero();
        assertThat(grid.out())
                .contains(
                        "natural", "median", "6 cells, 240 site updates of 31 parameters; live they would send 0.1 MB");
        assertThat(folder.resolve("study.yaml.results")).doesNotExist();

        Typed first = tacita("simulate", "--workers", "2", study.toString());
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).containsPattern("natural +fedavg +2 +0\\.9\\d+ \\+- 0\\.0\\d+ +0\\.9");
        assertThat(first.err()).contains("6/6 natural median seed 2");
        String results = Files.readString(folder.resolve("study.yaml.results/results.csv"));

        Typed second = tacita("simulate", study.toString());
        assertThat(second.exitCode()).isZero();
        assertThat(second.err().lines()).hasSize(6).allMatch(line -> line.contains("was done before"));
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(Files.readString(folder.resolve("study.yaml.results/results.csv")))
                .isEqualTo(results);
    }

    @Test
    void rowsOfOneFileAreDealt() throws IOException {
        Path out = folder.resolve("out");
        Typed typed = tacita("simulate", "--workers", "1", "--parquet", "--out", out.toString(), study(1).toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(Files.readAllLines(out.resolve("results.csv"))).hasSize(1 + 6 * 5);
        assertThat(Files.readAllLines(out.resolve("sites.csv"))).hasSize(1);
        assertThat(out.resolve("results.parquet")).isNotEmptyFile();
        assertThat(out.resolve("sites.parquet")).isNotEmptyFile();
    }

    @Test
    void aColumnOfOneFileNamesTheSites() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String site : List.of("North Clinic", "South")) {
            List<String> lines =
                    Files.readAllLines(folder.resolve(site.substring(0, 5).toLowerCase(Locale.ROOT) + ".csv"));
            rows.addAll(lines.subList(rows.isEmpty() ? 0 : 1, lines.size()).stream()
                    .map(line -> line.startsWith("mean_") ? line + ",hospital" : line + "," + site)
                    .toList());
        }
        Files.write(folder.resolve("both.csv"), rows);
        Path study = study(0);
        String text = Files.readString(study)
                .replaceAll("(?s)data:.*model:", "data: {schema: schema.yaml, data: both.csv, sites-by: %s}\nmodel:")
                .replace("seeds: [1, 2]", "seeds: [1]");
        Files.writeString(study, text.formatted("hospital"));
        Typed typed = tacita("simulate", "--workers", "1", study.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(Files.readString(folder.resolve("study.yaml.results/sites.csv")))
                .contains(",north-clinic,", ",south,");
        Files.writeString(study, text.formatted("ward"));
        assertThat(tacita("simulate", study.toString()).err())
                .contains("column 'ward' of the schema is not in the file");
    }

    @Test
    void aColumnOrNamesSayWhichSitesAreARegion() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String site : List.of("east", "north", "south", "west")) {
            List<String> lines = Files.readAllLines(folder.resolve(site + ".csv"));
            String county = site.matches("east|south") ? "Upper" : "Lower";
            rows.addAll(lines.subList(rows.isEmpty() ? 0 : 1, lines.size()).stream()
                    .map(line ->
                            line.startsWith("mean_") ? line + ",hospital,county" : line + "," + site + "," + county)
                    .toList());
        }
        Files.write(folder.resolve("all.csv"), rows);
        Path schema = folder.resolve("schema.yaml");
        String columns = Files.readString(schema);
        Files.writeString(schema, columns.replace("\ntarget:", "\n  county: ignored\ntarget:"));
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                name: regions
                data: {schema: schema.yaml, data: all.csv, sites-by: hospital, regions-by: county}
                model:
                  input: [30]
                  layers:
                    - dense: {units: 1}
                loss: binary-cross-entropy-with-logits
                runs:
                  said:
                    algorithm:
                      hierarchical:
                        {epochs: 1, batch-size: 16, optimizer: {sgd: {learning-rate: 0.05}}, regions: by-data, edge-rounds: 2}
                  named:
                    algorithm:
                      hierarchical:
                        epochs: 1
                        batch-size: 16
                        optimizer: {sgd: {learning-rate: 0.05}}
                        regions: {lower: [west, north], upper: [east, south]}
                        edge-rounds: 2
                rounds: 3
                seeds: [1]
                """);
        Typed typed = tacita("simulate", "--workers", "1", study.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        List<String> lines = Files.readAllLines(folder.resolve("study.yaml.results/results.csv"));
        assertThat(lines.get(3).replace(",said,", ",named,")).isEqualTo(lines.get(6));
        rows.set(1, rows.get(1).replace("Upper", "Lower"));
        Files.write(folder.resolve("all.csv"), rows);
        assertThat(tacita("simulate", study.toString()).err())
                .contains(
                        "regions-by must name one region for all rows of a site. Provided values: [Lower, Upper] of site"
                                + " 'east'");
        Files.writeString(study, Files.readString(study).replace("regions-by: county", "regions-by: ward"));
        assertThat(tacita("simulate", study.toString()).err())
                .contains("column 'ward' of the schema is not in the file");
        Files.writeString(
                study,
                Files.readString(study)
                        .replace(", regions-by: ward", "")
                        .replace("[east, south]", "[east, elsewhere]"));
        assertThat(tacita("simulate", study.toString()).err())
                .contains("region 'upper' names sites that are not there: elsewhere; they are east to west")
                .contains("every site must be in a region. In none: south.")
                .contains("the data says of no region of east, north, south, west.");
    }

    @Test
    void hospitalsAreMadeUpAndSeenDifferently() throws IOException {
        Typed typed = tacita("simulate", "--workers", "1", study(2).toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(Files.readAllLines(folder.resolve("study.yaml.results/sites.csv")))
                .hasSize(1 + 2 * 10 * 8);
        assertThat(folder.resolve("study.yaml.results/figures/inputs-other-units.svg"))
                .exists();
    }

    @Test
    void hostileAndSlowSitesAreNamedBeforeAndCountedAfter() throws IOException {
        Path study = study(3);
        Typed dry = tacita("simulate", "--dry-run", study.toString());
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out())
                .contains("attack backdoor by 1 site (site-05)", "attack sign-flip by 2 sites")
                .contains("fault drop-out of 3 sites", "virtual clock, rounds of at most 1.0 s");
        Typed typed = tacita("simulate", "--workers", "1", study.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(Files.readString(folder.resolve("study.yaml.results/report.html")))
                .contains("success of the backdoor", "virtual seconds");
    }

    @Test
    void sitesHaveModelsOfTheirOwnAndACohortIsChosen() throws IOException {
        Typed typed = tacita("simulate", "--workers", "1", study(4).toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(typed.out())
                .containsPattern("own-rows +fedavg +2 .* common +-")
                .containsPattern("own-rows +ditto +2 .* personal +-")
                .containsPattern("own-pace +oort +2 .* common +-");
        assertThat(Files.readAllLines(folder.resolve("study.yaml.results/sites.csv")))
                .hasSize(1 + 2 * 4 * 2 * 8 * 6);
    }

    @Test
    void treesGrowBesideLayersAndAreWrittenWithTheNamesOfTheSchema() throws IOException {
        Path study = study(7);
        Typed dry = tacita("simulate", "--dry-run", study.toString());
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out())
                .containsPattern("unlike +trees +1 +4 .* 63 +252 ")
                .containsPattern("unlike +layers .* 20 ");
        assertThat(dry.out()).contains("2 cells, 332 site updates; live they would send");
        Typed typed = tacita("simulate", "--workers", "2", study.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        Path models = folder.resolve("study.yaml.results/models");
        assertThat(Files.readString(models.resolve("unlike.trees.1.txt")))
                .startsWith("boosted trees, binary-cross-entropy-with-logits\nstart: ")
                .contains("tree 20")
                .containsPattern("if [a-z_]+[a-z_ ]* < ");
        assertThat(models.resolve("unlike.trees.1.json")).isNotEmptyFile();
    }

    @Test
    void whatARunRevealsIsCounted() throws IOException {
        Path study = study(5);
        Typed dry = tacita("simulate", "--dry-run", study.toString());
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out())
                .doesNotContain("of run open reveal")
                .containsPattern(
                        "dealt: 10 rounds of run eight-sites reveal of a site epsilon (8\\.000|7\\.\\d+) at most, at delta"
                                + " 0\\.001; noise multiplier [34]\\.\\d+\\n")
                .containsPattern(
                        "of run a-thousand-sites .* noise multiplier [34]\\.\\d+, as small as with 1000 sites\\n");
        Typed typed = tacita("simulate", "--workers", "1", study.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        List<String> lines = Files.readAllLines(folder.resolve("study.yaml.results/results.csv"));
        assertThat(lines.get(0)).contains(",epsilon,");
        assertThat(lines.get(10)).startsWith("dealt,open,1,10,");
        assertThat(cell(lines, 10, "epsilon")).isEmpty();
        for (int last : new int[] {20, 30}) {
            assertThat(Double.parseDouble(cell(lines, last, "epsilon"))).isBetween(7.0, 8.0);
        }
    }

    private static String cell(List<String> lines, int line, String column) {
        int index = List.of(lines.get(0).split(",")).indexOf(column);
        return lines.get(line).split(",", -1)[index];
    }

    @Test
    void whatProtectionCostsIsSaidBeforeAndAfter() throws IOException {
        Path study = study(6);
        Typed dry = tacita("simulate", "--dry-run", study.toString());
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out())
                .contains("3 cells, 240 site updates of 31 parameters")
                .containsPattern("dealt: a site of run plain sends 124 bytes a round and receives 124\\n")
                .containsPattern("dealt: a site of run hidden sends 1,816 bytes a round and receives 3,324\\n");
        Typed typed = tacita("simulate", "--workers", "1", study.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        List<String> lines = Files.readAllLines(folder.resolve("study.yaml.results/results.csv"));
        assertThat(cell(lines, 10, "site_upload_bytes")).isEqualTo("124");
        assertThat(Integer.parseInt(cell(lines, 20, "site_upload_bytes"))).isEqualTo(1816);
        assertThat(Double.parseDouble(cell(lines, 20, "test_accuracy"))).isGreaterThan(.8);
        assertThat(Double.parseDouble(cell(lines, 30, "epsilon"))).isBetween(7.0, 8.0);
    }

    @Test
    void dataMayLieElsewhere() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        for (String site : List.of("east", "north", "south", "west")) {
            Files.move(folder.resolve(site + ".csv"), elsewhere.resolve(site + ".csv"));
        }
        String study = study(0).toString();
        assertThat(tacita("simulate", "--dry-run", study).exitCode()).isEqualTo(2);
        assertThat(tacita("simulate", "--dry-run", "--data", elsewhere.toString(), study)
                        .exitCode())
                .isZero();
    }

    @Test
    void whatIsWrongIsSaidAtOnceAndThePageHasEveryKey() throws IOException {
        Path study = study(1);
        String text = Files.readString(study)
                .replace("alpha: 0.3", "alpha: -1")
                .replace("sites: 5, partition: iid", "sites: 5000, partition: iid")
                .replace("name: ", "colour: green\nname: ");
        Files.writeString(study, text);
        Typed typed = tacita("simulate", study.toString());
        assertThat(typed.exitCode()).isEqualTo(2);
        assertThat(typed.err())
                .contains("populations.unlike.partition.dirichlet.alpha: must be a number > 0. Provided value: '-1'.")
                .contains("iid over 5000 sites needs at least 5000 rows");
        Matcher known =
                Pattern.compile("colour: unknown key\\. Known here: (.*)\\.").matcher(typed.err());
        assertThat(known.find()).as(typed.err()).isTrue();
        for (String key : known.group(1).split(", ")) {
            assertThat(page).contains("`" + key + "`");
        }
        assertThat(tacita("simulate", "--workers", "0", study.toString()).err()).contains("--workers must be >= 1");
    }

    @Test
    void theJavaOfThePageIsPartOfACompiledExample() throws IOException {
        String example = Files.readString(
                Path.of("../simulations/src/test/java/dev/tacita/simulations/examples/SimulationExampleTest.java"));
        MatchResult block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .findFirst()
                .orElseThrow();
        assertThat(block.group(1).lines().map(String::strip)).allMatch(line -> example.contains(line));
    }
}
