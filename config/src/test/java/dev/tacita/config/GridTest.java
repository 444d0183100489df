package dev.tacita.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.FedProx;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GridTest {
    private static Map<String, FederatedAlgorithm> read(String algorithm, int most) {
        return YamlFile.read("study.yaml", "algorithm:\n  " + algorithm.strip().replace("\n", "\n  ") + "\n", root -> {
            Value<Map<String, FederatedAlgorithm>> grid =
                    root.required("algorithm", Kinds.grid(PlanKinds.simulatedAlgorithm(), most));
            return root.create(grid::get);
        });
    }

    private static List<String> problems(String algorithm, int most) {
        var exception = catchThrowableOfType(ProblemsException.class, () -> read(algorithm, most));
        assertThat(exception).as("it must be refused").isNotNull();
        return exception.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void everyCombinationOfListsIsReadInTheOrderOfTheFile() {
        Map<String, FederatedAlgorithm> grid = read("""
                fedprox:
                  mu: [0.001, 1e-2]
                  epochs: 2
                  batch-size: [all, 10]
                  optimizer: {sgd: {learning-rate: [0.1, 0.2, 0.3]}}
                """, 12);
        assertThat(grid.keySet())
                .hasSize(12)
                .startsWith(
                        "mu=0.001 batch-size=all learning-rate=0.1",
                        "mu=0.001 batch-size=all learning-rate=0.2",
                        "mu=0.001 batch-size=all learning-rate=0.3",
                        "mu=0.001 batch-size=10 learning-rate=0.1")
                .endsWith("mu=1e-2 batch-size=10 learning-rate=0.3");
        FedProx last = (FedProx) Optional.ofNullable(grid.get("mu=1e-2 batch-size=10 learning-rate=0.3"))
                .orElseThrow();
        assertThat(last.mu()).isEqualTo(.01);
        LocalWork.Train work = (LocalWork.Train) last.work(1);
        assertThat(work.batchSize()).isEqualTo(OptionalInt.of(10));
        assertThat(work.optimizer().learningRate()).isEqualTo(.3);
        assertThat(work.extent()).isEqualTo(new LocalWork.Extent.Epochs(2));
    }

    @Test
    void withoutListsThereIsOneWithoutAName() {
        assertThat(read("fedsgd: {learning-rate: 0.1}", 1).keySet()).containsExactly("");
        assertThat(read("fedsgd: {learning-rate: [0.1]}", 1).keySet()).containsExactly("learning-rate=0.1");
    }

    @Test
    void settingsOfTheSameNameAreToldApartByWhereTheyAre() {
        assertThat(read("""
                fedavg:
                  epochs: 1
                  batch-size: all
                  optimizer: {sgd: {learning-rate: 0.1}}
                  schedule: {exponential: {decay: [0.5, 1]}}
                  schedule-of-rounds: {exponential: {decay: [0.9, 0.8]}}
                """, 4).keySet())
                .contains("schedule.exponential.decay=0.5 schedule-of-rounds.exponential.decay=0.9");
    }

    @Test
    void whatIsWrongIsNotedOnceAtItsOwnPlace() {
        assertThat(problems("""
                fedprox:
                  mu: [0.1, -1]
                  steps: 2
                  epochs: 3
                  batch: 4
                  optimizer: {sgd: {learning-rate: [0.1, 0.2], momentum: [0, 2]}}
                """, 100))
                .containsExactly(
                        "study.yaml:3:5 algorithm.fedprox: exactly one of epochs and steps must be given.",
                        "study.yaml:3:5 algorithm.fedprox.batch-size: a value is required; there is no default.",
                        "study.yaml:3:15 algorithm.fedprox.mu: must be a number > 0. Provided value: '-1'.",
                        "study.yaml:6:5 algorithm.fedprox.batch: unknown key. Known here: server-learning-rate, epochs, steps,"
                                + " batch-size, optimizer, schedule, schedule-of-rounds, mu.",
                        "study.yaml:7:64 algorithm.fedprox.optimizer.sgd.momentum: must be a number >= 0 and < 1."
                                + " Provided value: '2'.");
    }

    @Test
    void tooManyCombinationsAndValuesThatAreAlikeAreRefused() {
        assertThat(problems("""
                newton-raphson: {damping: [0.1, 0.2, 0.3], ridge: [0, 1]}
                """, 5))
                .containsExactly(
                        "study.yaml:2:3 algorithm: its lists must come to at most 5 combinations. Provided value:"
                                + " 3 * 2. Take fewer values.");
        assertThat(problems("newton-raphson: {damping: [0.1, 0.10]}", 5))
                .containsExactly("study.yaml:2:29 algorithm.newton-raphson.damping: the values of a list must differ."
                        + " Provided value: '0.10' twice.");
        assertThat(problems("newton-raphson: {damping: []}", 5))
                .containsExactly(
                        "study.yaml:2:29 algorithm.newton-raphson.damping: must be a number > 0 and <= 1. Provided"
                                + " value: a list.");
        assertThat(problems("newton-raphson: {damping: [[0.1]]}", 5)).hasSize(1);
    }

    @Test
    void aListElsewhereIsStillNoNumber() {
        assertThat(catchThrowableOfType(
                                ProblemsException.class,
                                () -> YamlFile.read(
                                        "plan.yaml",
                                        "rounds: [1, 2]",
                                        root -> root.required("rounds", Kinds.integer(1, 9))))
                        .problems())
                .hasToString("[plan.yaml:1:9 rounds: must be a whole number from 1 to 9. Provided value: a list.]");
    }
}
