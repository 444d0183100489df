package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.FedProx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridStudyTest {
    private static final String STUDY = """
            name: a grid within
            data: {schema: schema.yaml}
            populations:
              alike: {sites: 5, partition: iid}
            model:
              input: [5]
              layers:
                - dense: {units: 3}
            loss: softmax-cross-entropy
            runs:
              fedprox:
                algorithm:
                  fedprox: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: [0.01, 0.1]}}, mu: [0.001, 0.1]}
                cohort-fraction: [0.5, 1]
              trees:
                algorithm: {boosted-trees: {trees: [1, 2], depth: 2, bins: 8, learning-rate: 0.5, smallest-node: 1}}
            rounds: 3
            seeds: [1, 2]
            """;

    @Test
    void listsOfNumbersAreRunsOfTheirOwn(@TempDir Path folder) throws Exception {
        Study study = StudyTest.study(folder, STUDY);
        assertThat(study.runs().keySet())
                .containsExactly(
                        "fedprox learning-rate=0.01 mu=0.001 cohort-fraction=0.5",
                        "fedprox learning-rate=0.01 mu=0.001 cohort-fraction=1",
                        "fedprox learning-rate=0.01 mu=0.1 cohort-fraction=0.5",
                        "fedprox learning-rate=0.01 mu=0.1 cohort-fraction=1",
                        "fedprox learning-rate=0.1 mu=0.001 cohort-fraction=0.5",
                        "fedprox learning-rate=0.1 mu=0.001 cohort-fraction=1",
                        "fedprox learning-rate=0.1 mu=0.1 cohort-fraction=0.5",
                        "fedprox learning-rate=0.1 mu=0.1 cohort-fraction=1",
                        "trees trees=1",
                        "trees trees=2");
        StudyRun last = study.run(new Cell("alike", "fedprox learning-rate=0.1 mu=0.1 cohort-fraction=0.5", 1));
        assertThat(((FedProx) last.algorithm()).mu()).isEqualTo(.1);
        assertThat(last.cohortFraction()).isEqualTo(.5);
        assertThat(study.cells()).hasSize(20);
        List<CellResult> results = StudyTest.run(study, folder.resolve("out"), 2);
        assertThat(results.get(19).rounds()).hasSize(3 + 2 * 2);
        assertThat(Files.readAllLines(folder.resolve("out/summary.csv")))
                .hasSize(21)
                .anySatisfy(line ->
                        assertThat(line).startsWith("alike,fedprox learning-rate=0.1 mu=0.001 cohort-fraction=1,2,"));
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("<td>fedprox learning-rate=0.1 mu=0.1 cohort-fraction=1</td>");
        assertThat(StudyTest.run(study, folder.resolve("out"), 1))
                .as("kept cells are found again")
                .isEqualTo(results);
        StudyComparison comparison = StudyComparison.read(
                folder.resolve("out"), folder.resolve("out"), "test_accuracy", OptionalDouble.empty());
        assertThat(comparison.cells()).hasSize(10);
    }

    @Test
    void aStudyOfTooManyRunsIsRefusedBeforeAnythingIsRun(@TempDir Path folder) {
        String many = IntStream.rangeClosed(1, 600).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        assertThat(problems(
                        folder,
                        STUDY.replace("trees: [1, 2]", "trees: [" + many + "]")
                                .replace("mu: [0.001, 0.1]", "mu: [" + many + "]")))
                .containsExactly("study.yaml:12:5 runs.fedprox: its lists must come to at most 1000 combinations."
                        + " Provided value: 2 * 600 * 2. Take fewer values.");
        assertThat(problems(
                        folder,
                        STUDY.replace("trees: [1, 2]", "trees: [" + many + "]")
                                .replace("mu: [0.001, 0.1]", "mu: [" + many.substring(0, many.indexOf(", 151")) + "]")))
                .containsExactly(
                        "study.yaml:11:3 runs: a study has at most 1000 runs, each combination of the numbers of"
                                + " lists being one. Provided value: 1200.");
    }

    private static List<String> problems(Path folder, String text) {
        var exception = catchThrowableOfType(ProblemsException.class, () -> StudyTest.study(folder, text));
        assertThat(exception).as("it must be refused").isNotNull();
        return exception.problems().stream()
                .map(Problem::toString)
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }
}
