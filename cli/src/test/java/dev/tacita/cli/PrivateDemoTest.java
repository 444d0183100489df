package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.ledger.DatasetAccount;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.server.report.RoundLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over Kafka, with the bundled data: what hides single rows, and what counts it. */
final class PrivateDemoTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String DATASET = "breast-cancer";

    @Test
    void hidingRowsCostsLittleAccuracyAndTheLedgersSayWhatTheAccountantSays(@TempDir Path folder) throws Exception {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Path home = folder.resolve("demo");
            Part demo = federation.start("demo", "--privacy", "--folder", home.toString());
            assertThat(demo.exitCode(LIMIT)).as(demo.output()).isZero();

            double accuracy = Double.parseDouble(demo.await("all sites +\\S+ +(\\S+)", LIMIT));
            assertThat(accuracy).as("pooled test accuracy").isGreaterThanOrEqualTo(0.9);
            List<RoundLine> lines =
                    Files.readAllLines(home.resolve("runs/breast-cancer-private-1/metrics.jsonl")).stream()
                            .map(RoundLine::parse)
                            .toList();
            RoundLine last = lines.get(14);
            for (var counted : last.counted()) {
                LedgerContents ledger =
                        LedgerContents.read(home.resolve("sites/" + counted.site() + "/work/privacy.ledger"));
                Map<Event, Long> steps = account(ledger).steps();
                assertThat(steps.values()).as("15 rounds of 4 steps").containsExactly(60L);
                Event step = steps.keySet().iterator().next();
                assertThat(((Event.PoissonSampled) step).rate()).isEqualTo(16.0 / counted.weight());
                double epsilon = new RdpAccountant(NeighbouringRelation.ADD_OR_REMOVE_ONE)
                        .account(step.times(60))
                        .epsilon(1e-3)
                        .epsilon();
                assertThat(epsilon).isBetween(1.999, 2.0);
                assertThat(account(ledger).spent().epsilon()).isEqualTo(epsilon);
                assertThat(counted.epsilon()).hasValue(epsilon);
            }
        }
    }

    private static DatasetAccount account(LedgerContents ledger) {
        return Optional.ofNullable(ledger.accounts().get(DATASET)).orElseThrow();
    }
}
