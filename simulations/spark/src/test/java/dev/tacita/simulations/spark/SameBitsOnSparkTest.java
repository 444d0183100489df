package dev.tacita.simulations.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.simulations.Cell;
import dev.tacita.simulations.SimulatedRound;
import dev.tacita.simulations.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameBitsOnSparkTest {
    private static final String HEAD = """
            name: the same on Spark
            data: {generated: {synthetic: {sites: 9, alpha: 1, beta: 1, seed: 3}}}
            model:
              input: [60]
              layers:
                - dense: {units: 10}
            loss: softmax-cross-entropy
            cohort-fraction: 0.8
            rounds: 3
            seeds: [1]
            """;

    private static final String TRAINING = "{epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.02}}";

    private static final String SECURE = "{secure-aggregation: {adversary: active, corrupted: 1, drop-outs: 1,"
            + " largest-value: 16, largest-weight: 100000, bits: 28, modulus-bits: 32}}";

    private static StudyPlace study(Path folder, String more) throws IOException {
        Path file = Files.writeString(
                folder.resolve("study.yaml"),
                HEAD + more.replace("TRAINING", TRAINING).replace("SECURE", SECURE));
        return StudyPlace.of(file, Optional.empty());
    }

    private static List<Outcome> sameOnEveryBackend(StudyPlace place) throws InterruptedException {
        List<Outcome> all = new ArrayList<>();
        for (Cell cell : place.study().cells()) {
            Simulation simulation = place.study().simulation(cell);
            Outcome spark = Outcome.onSpark(place.source(cell));
            assertThat(spark.failure()).as(cell.toString()).isEmpty();
            assertThat(spark.rounds()).as(cell.toString()).hasSize(3);
            for (int workers : new int[] {1, 2, 8}) {
                assertThat(Outcome.onThreads(simulation, workers))
                        .as(cell + " on " + workers + " threads")
                        .isEqualTo(spark);
            }
            all.add(spark);
        }
        assertThat(all).doesNotHaveDuplicates();
        return all;
    }

    @Test
    void algorithmsAndRulesGiveTheBitsOfThreads(@TempDir Path folder) throws Exception {
        sameOnEveryBackend(study(folder, """
                runs:
                  fedavg: {algorithm: {fedavg: TRAINING}}}
                  scaffold: {algorithm: {scaffold: TRAINING}}}
                  fednova: {algorithm: {fednova: TRAINING}}}
                  feddyn: {algorithm: {feddyn: TRAINING, alpha: 0.1}}}
                  ditto: {algorithm: {ditto: TRAINING, lambda: 0.5}}}
                  regions: {algorithm: {hierarchical: TRAINING, regions: 3, edge-rounds: 2}}}
                  median: {algorithm: {fedavg: TRAINING}}, aggregation: median}
                  krum: {algorithm: {fedavg: TRAINING}}, aggregation: {krum: {hostile: 1}}}
                  hidden: {algorithm: {fedavg: TRAINING}}, protection: SECURE, quorum: 5}
                  by-loss: {algorithm: {fedavg: TRAINING}}, selection: {power-of-choice: {candidates: 8}}}
                """));
    }

    @Test
    void hostileFailingAndSlowSitesGiveTheBitsOfThreads(@TempDir Path folder) throws Exception {
        List<Outcome> all = sameOnEveryBackend(study(folder, """
                populations:
                  troubled:
                    attacks:
                      - {attack: sign-flip, number: 1}
                      - attack: {backdoor: {trigger: {columns: {values: {0: 4}}}, target: 1, fraction: 0.5}}
                        number: 1
                    faults:
                      - {fault: {drop-out: {probability: 0.4}}, number: 3}
                      - {fault: {straggling: {factor: 8}}, number: 2}
                    clock: {rows-per-second: 200, compute-spread: 0.3, megabits-per-second: 10, link-spread: 0.5, deadline: 5}
                runs:
                  fedavg: {algorithm: {fedavg: TRAINING}}}
                  median: {algorithm: {fedavg: TRAINING}}, aggregation: median}
                  fedbuff: {algorithm: {fedbuff: TRAINING, buffer: 3, concurrency: 6}}}
                """));
        List<SimulatedRound> rounds = all.get(0).rounds();
        assertThat(rounds).anyMatch(round -> round.droppedOut() > 0).anyMatch(round -> round.late() > 0);
        assertThat(rounds.get(2).backdoors().examples()).isPositive();
    }

    @Test
    void aRuleWithRowsOfTheAggregatorGivesTheBitsOfThreads() throws InterruptedException {
        Outcome spark = Outcome.onSpark(Hospitals::trustingRowsOfTheAggregator);
        assertThat(Outcome.onThreads(Hospitals.trustingRowsOfTheAggregator(), 2))
                .isEqualTo(spark)
                .isNotEqualTo(Outcome.onThreads(Hospitals.plain(), 2));
    }

    @Test
    void whatARunWithNoiseRevealsIsTheSameAndItsNoiseIsFresh(@TempDir Path folder) throws Exception {
        StudyPlace place = study(folder, """
                runs:
                  examples: {algorithm: {fedavg: TRAINING}}, privacy: {examples: {clip: {flat: {norm: 1}}, epsilon: 4, delta: 0.001}}}
                  site: {algorithm: {fedavg: TRAINING}}, privacy: {site: {clip: 0.5, epsilon: 8, delta: 0.001}}}
                  federation: {algorithm: {fedavg: TRAINING}}, privacy: {federation: {clip: 0.5, epsilon: 8, delta: 0.001}}}
                  shares: {algorithm: {fedavg: TRAINING}}, protection: SECURE, quorum: 5, privacy: {federation: {clip: 0.5, epsilon: 8, delta: 0.001}}}
                  scaffold: {algorithm: {scaffold: TRAINING}}, privacy: {site: {clip: 0.5, epsilon: 8, delta: 0.001}}}
                """);
        for (Cell cell : place.study().cells()) {
            Outcome spark = Outcome.onSpark(place.source(cell));
            Outcome threads = Outcome.onThreads(place.study().simulation(cell), 2);
            assertThat(spark.failure()).as(cell.toString()).isEmpty();
            assertThat(epsilons(spark))
                    .as(cell.toString())
                    .hasSize(3)
                    .allMatch(OptionalDouble::isPresent)
                    .isEqualTo(epsilons(threads));
            assertThat(spark.sha256OfParameters()).as(cell.toString()).isNotEqualTo(threads.sha256OfParameters());
        }
    }

    private static List<OptionalDouble> epsilons(Outcome outcome) {
        return outcome.rounds().stream().map(SimulatedRound::epsilon).toList();
    }
}
