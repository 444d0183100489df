package dev.tacita.cli;

import static dev.tacita.cli.Typed.tacita;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tacita simulate compare} says of two folders. */
final class SimulateCompareCommandTest {
    private static final Path DEMO = Path.of("src/main/resources/dev/tacita/cli/demo/breast-cancer");
    private static final String STUDY = """
            name: to be compared
            data: {schema: schema.yaml, data: north.csv}
            populations:
              alike: {sites: 3, partition: iid}
            model:
              input: [30]
              layers:
                - dense: {units: 1}
            loss: binary-cross-entropy-with-logits
            runs:
              fedavg: {algorithm: {fedavg: {epochs: 1, batch-size: 8, optimizer: {sgd: {learning-rate: 0.01}}}}}
              RUN
            rounds: 4
            seeds: SEEDS
            """;

    private Path folder = Path.of("");

    @BeforeEach
    void copyTheData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        try (Stream<Path> files = Files.list(DEMO)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private String results(String name, String text) throws IOException {
        Path study = Files.writeString(folder.resolve("study.yaml"), text);
        Path out = folder.resolve(name);
        Typed typed = tacita("simulate", "--out", out.toString(), study.toString());
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        return out.toString();
    }

    @Test
    void studiesThatHaveRunAreComparedSeedBySeed() throws IOException {
        String first = results("first", STUDY.replace("RUN\n", "\n").replace("SEEDS", "[1, 2, 3]"));
        String second = results(
                "second",
                STUDY.replace("0.01", "0.3")
                        .replace("RUN\n", "fedsgd: {algorithm: {fedsgd: {learning-rate: 0.5}}}\n")
                        .replace("SEEDS", "[2, 3]"));
        Typed typed = tacita("simulate", "compare", "--target", "0.8", first, second);
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(typed.out().lines().toList().get(1))
                .matches("alike +fedavg +0\\.\\d{4} \\+- 0\\.\\d{4} +0\\.\\d{4} .*");
        assertThat(typed.out().lines().toList().get(2)).matches("alike +fedsgd +- +0\\.\\d{4} .* - +- +- +0 +- .*");

        JsonNode list = new ObjectMapper()
                .readTree(tacita("simulate", "compare", "--json", "--target", "0.8", first, second)
                        .out());
        JsonNode fedAvg = list.get(0);
        double[] differences = new double[2];
        for (int seed = 2; seed <= 3; seed++) {
            double before = last(first, seed);
            double after = last(second, seed);
            assertThat(fedAvg.at("/first/seeds/" + seed + "/last").doubleValue())
                    .isEqualTo(before);
            assertThat(fedAvg.at("/second/seeds/" + seed + "/last").doubleValue())
                    .isEqualTo(after);
            differences[seed - 2] = after - before;
        }
        assertThat(fedAvg.at("/difference/seeds").intValue()).isEqualTo(2);
        assertThat(fedAvg.at("/difference/mean").doubleValue()).isEqualTo((differences[0] + differences[1]) / 2);
        assertThat(fedAvg.at("/difference/least").doubleValue()).isEqualTo(Math.min(differences[0], differences[1]));
        assertThat(fedAvg.at("/difference/most").doubleValue()).isEqualTo(Math.max(differences[0], differences[1]));
        assertThat(fedAvg.at("/second/seeds/2/round_of_target").intValue()).isEqualTo(reached(second, 2, .8));
        assertThat(list.get(1).at("/first/mean").isMissingNode()).isTrue();
    }

    private static double last(String folder, int seed) throws IOException {
        return Files.readAllLines(Path.of(folder, "summary.csv")).stream()
                .filter(line -> line.startsWith("alike,fedavg," + seed + ","))
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[5]))
                .findFirst()
                .orElseThrow();
    }

    private static int reached(String folder, int seed, double target) throws IOException {
        return Files.readAllLines(Path.of(folder, "results.csv")).stream()
                .filter(line -> line.startsWith("alike,fedavg," + seed + ","))
                .map(line -> line.split(",", -1))
                .filter(cells -> Double.parseDouble(cells[10]) >= target)
                .mapToInt(cells -> Integer.parseInt(cells[3]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theTargetOfTheStudiesIsTakenIfNoneIsGiven() throws IOException {
        String text = STUDY.replace("RUN\n", "\n").replace("SEEDS", "[1]\nstop-at-accuracy: %s");
        String first = results("first", text.formatted("0.5"));
        String second = results("second", text.formatted("1.0"));
        String line = tacita("simulate", "compare", first, second)
                .out()
                .lines()
                .toList()
                .get(1);
        assertThat(line).matches("alike .* 1 +\\d +-");
    }

    @Test
    void whatIsNoFolderOfResultsIsNamed() throws IOException {
        Typed typed = tacita("simulate", "compare", folder.toString(), folder.toString());
        assertThat(typed.exitCode()).isEqualTo(2);
        assertThat(typed.err())
                .contains("a folder of results must have a summary.csv. Provided value: '" + folder + "'");
        String results = results("results", STUDY.replace("RUN\n", "\n").replace("SEEDS", "[1]"));
        assertThat(tacita("simulate", "compare", "--metric", "colour", results, results)
                        .err())
                .contains("results must have a column 'colour'. Provided: population, run, seed, round,");
        assertThat(tacita("simulate", "compare", "--target", "2", results, results)
                        .err())
                .contains("target must be an accuracy > 0 and <= 1. Provided value: 2.0");
        assertThat(tacita("simulate", "compare", results).exitCode()).isEqualTo(2);
        Typed bare = tacita("simulate");
        assertThat(bare.exitCode()).isEqualTo(2);
        assertThat(bare.err()).contains("Missing required parameter: 'STUDY'");
    }
}
