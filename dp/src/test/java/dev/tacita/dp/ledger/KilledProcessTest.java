package dev.tacita.dp.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.dp.accounting.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own, killed with SIGKILL: the ledger never has less than what they released. */
class KilledProcessTest {
    private static final int KILLS = 20;

    @TempDir
    Path folder = Path.of("");

    @Test
    void whatAKilledProcessReleasedIsInTheLedgerAndTheBudgetHolds() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> reports = new ArrayList<>();
        long released = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(1 + random.nextInt(3));
            int point = random.nextInt(6);
            awaitReleases(process, released + point);
            TimeUnit.MICROSECONDS.sleep(random.nextInt(point == 0 ? 600_000 : 4000));
            process.destroyForcibly().waitFor();
            released = check("seed " + seed + ", kill " + kill);
            reports.add(point + ":" + released);
        }
        assertThat(released).as("seed %s: %s", seed, reports).isGreaterThan(KILLS);

        Process last = start(200);
        assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).isEqualTo(SpendingProcess.SPENT);
        check("seed " + seed + ", to the end");
        assertThat(LedgerContents.read(ledger()).account("heart").fits(SpendingProcess.STEP))
                .isZero();
    }

    @Test
    void anotherProcessIsToldThatTheLedgerIsHeld() throws IOException, InterruptedException {
        try (PrivacyLedger ledger = PrivacyLedger.open(ledger(), "site west")) {
            assertThat(LedgerContents.read(ledger()).head()).isEqualTo(ledger.head());
            Process other = start(1);
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isEqualTo(SpendingProcess.HELD);
        }
        assertThat(releases()).isZero();
    }

    private long check(String when) throws IOException {
        if (!Files.exists(ledger()) || LedgerContents.read(ledger()).accounts().isEmpty()) {
            assertThat(releases()).as(when).isZero();
            return 0;
        }
        DatasetAccount account = LedgerContents.read(ledger()).account("heart");
        long counted = account.steps(SpendingProcess.STEP);
        long released = releases();
        assertThat(counted).as(when).isGreaterThanOrEqualTo(released);
        double spent = account.spent().epsilon();
        Event revealed = SpendingProcess.STEP.times(released);
        double truth = BudgetAccountant.RDP
                .under(SpendingProcess.BUDGET.relation())
                .account(revealed)
                .epsilon(SpendingProcess.BUDGET.delta())
                .epsilon();
        assertThat(spent).as(when).isGreaterThanOrEqualTo(truth).isLessThanOrEqualTo(SpendingProcess.BUDGET.epsilon());
        return released;
    }

    private void awaitReleases(Process process, long wanted) throws IOException, InterruptedException {
        while (releases() < wanted && process.isAlive()) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private Process start(int block) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpendingProcess.class.getName(),
                        ledger().toString(),
                        folder.resolve("releases").toString(),
                        Integer.toString(block))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("output").toFile()))
                .start();
    }

    private Path ledger() {
        return folder.resolve("west.ledger");
    }

    private long releases() throws IOException {
        Path file = folder.resolve("releases");
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
