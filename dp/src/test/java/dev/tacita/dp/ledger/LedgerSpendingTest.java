package dev.tacita.dp.ledger;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerSpendingTest {
    private static final Event STEP = new Event.PoissonSampled(0.05, new Event.Gaussian(2));
    private static final Event OTHER = new Event.Gaussian(30);

    private Path file = Path.of("");
    private PrivacyLedger ledger;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = folder.resolve("west.ledger");
        ledger = PrivacyLedger.open(file, "site west");
        ledger.declare("heart", new PrivacyBudget(2, 1e-5, ADD_OR_REMOVE_ONE, BudgetAccountant.RDP));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void equalStepsShareAnEntryABlockAndTheRestIsGivenBack() {
        try (LedgerSpending spending = new LedgerSpending(ledger, use("heart-1"), 10)) {
            IntStream.range(0, 25).forEach(step -> spending.spend(STEP));
            assertThat(ledger.account("heart").steps(STEP)).isEqualTo(30);
            spending.spend(OTHER);
            assertThat(ledger.account("heart").steps()).isEqualTo(Map.of(STEP, 25L, OTHER, 10L));
        }
        assertThat(ledger.account("heart").steps()).isEqualTo(Map.of(STEP, 25L, OTHER, 1L));
        assertThat(LedgerContents.read(file).entries()).hasSize(1 + 3 + 1 + 1 + 1);
    }

    @Test
    void everyStepThatFitsIsTakenWhateverTheBlocks() {
        long fits = ledger.account("heart").fits(STEP);
        assertThat(fits).isGreaterThan(100);
        try (LedgerSpending spending = new LedgerSpending(ledger, use("heart-1"), 64)) {
            for (long step = 0; step < fits; step++) {
                spending.spend(STEP);
            }
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> spending.spend(STEP))
                        .isInstanceOf(BudgetExceededException.class)
                        .hasMessageContaining("1 step of")
                        .hasMessageContaining("would still fit: 0.");
            }
        }
        assertThat(ledger.account("heart").steps(STEP)).isEqualTo(fits);
    }

    @Test
    void twoRunsInTurnShareTheBudget() {
        long fits = ledger.account("heart").fits(STEP);
        long taken = 0;
        try (LedgerSpending one = new LedgerSpending(ledger, use("heart-1"), 16);
                LedgerSpending two = new LedgerSpending(ledger, use("heart-2"), 7)) {
            while (true) {
                (taken % 2 == 0 ? one : two).spend(STEP);
                taken++;
            }
        } catch (BudgetExceededException e) {
            assertThat(taken).isBetween(fits - 16, fits);
        }
        assertThat(ledger.account("heart").steps(STEP)).isEqualTo(taken);
        assertThat(ledger.account("heart").spent().epsilon()).isLessThanOrEqualTo(2);
    }

    @Test
    void aBlockOfNothingIsRefused() {
        assertThatThrownBy(() -> new LedgerSpending(ledger, use("heart-1"), 0))
                .hasMessageContaining("must have 1 or more; it has 0");
    }

    private static DataUse use(String run) {
        return DataUse.inRound(new RunId(run), 0, "heart", "dp-sgd", ADD_OR_REMOVE_ONE);
    }
}
