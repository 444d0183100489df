package dev.tacita.dp.ledger;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.accounting.UnsupportedEventException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyLedgerTest {
    private static final String OWNER = "site west";
    private static final PrivacyBudget BUDGET = new PrivacyBudget(3, 1e-5, ADD_OR_REMOVE_ONE, BudgetAccountant.RDP);
    private static final Event STEP = new Event.PoissonSampled(0.02, new Event.Gaussian(1.2));

    private Path file = Path.of("");

    @BeforeEach
    void name(@TempDir Path folder) {
        file = folder.resolve("west.ledger");
    }

    @Test
    void epsilonIsWhatTheAccountantSaysOfTheEntries() {
        try (PrivacyLedger ledger = opened()) {
            spend(ledger, "heart-1", 100);
            spend(ledger, "heart-1", 50);
            ledger.spend(DataUse.outsideRuns("heart", "count", ADD_OR_REMOVE_ONE), new Event.Laplace(40), 1);
            Event all = Event.of(Event.dpSgd(0.02, 1.2, 150), new Event.Laplace(40));
            assertThat(ledger.account("heart").spent())
                    .isEqualTo(new RdpAccountant(ADD_OR_REMOVE_ONE).account(all).epsilon(1e-5));
        }
    }

    @Test
    void theStepThatWouldOverspendIsRefusedAlsoAfterARestartAndForAnotherRun() {
        long most;
        try (PrivacyLedger ledger = opened()) {
            most = ledger.account("heart").fits(STEP);
            assertThat(most).isBetween(100L, 10_000L);
            spend(ledger, "heart-1", most - 3);
            BudgetExceededException refused =
                    catchThrowableOfType(BudgetExceededException.class, () -> spend(ledger, "heart-1", 10));
            assertThat(refused.fittingSteps()).isEqualTo(3);
            assertThat(refused.budget()).isEqualTo(BUDGET);
            assertThat(refused.askedSteps()).isEqualTo(10);
            assertThat(refused.spent()).isEqualTo(ledger.account("heart").spent());
            assertThat(refused)
                    .hasMessageContaining("'heart'")
                    .hasMessageContaining("epsilon 3.0 at delta 1.0E-5 (add or remove one, RDP)")
                    .hasMessageContaining("10 steps of poisson(0.02,gaussian(1.2))")
                    .hasMessageContaining("would still fit: 3.");
            spend(ledger, "heart-2", 3);
        }
        try (PrivacyLedger ledger = opened()) {
            assertThat(ledger.account("heart").spent().epsilon()).isBetween(2.99, 3.0);
            for (String run : List.of("heart-1", "heart-2", "heart-3")) {
                BudgetExceededException refused =
                        catchThrowableOfType(BudgetExceededException.class, () -> spend(ledger, run, 1));
                assertThat(refused.fittingSteps()).isZero();
            }
            assertThat(ledger.account("heart").steps()).containsExactly(java.util.Map.entry(STEP, most));
        }
    }

    @Test
    void runsInManyThreadsShareOneBudget() throws InterruptedException {
        AtomicLong spent = new AtomicLong();
        try (PrivacyLedger ledger = opened()) {
            long most = ledger.account("heart").fits(STEP);
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(run -> new Thread(() -> {
                        try {
                            while (true) {
                                spend(ledger, "run-" + run, 1 + most / 50);
                                spent.addAndGet(1 + most / 50);
                            }
                        } catch (BudgetExceededException e) {
                            // The end of this run.
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(spent.get()).isBetween(most - most / 50, most);
            assertThat(ledger.account("heart").steps(STEP)).isEqualTo(spent.get());
        }
        assertThat(LedgerContents.read(file).account("heart").steps(STEP)).isEqualTo(spent.get());
    }

    @Test
    void dataSetsHaveBudgetsOfTheirOwn() {
        try (PrivacyLedger ledger = opened()) {
            ledger.declare("scans", new PrivacyBudget(1, 0, REPLACE_ONE, BudgetAccountant.PLD));
            spend(ledger, "heart-1", 100);
            ledger.spend(DataUse.outsideRuns("scans", "count", REPLACE_ONE), new Event.Laplace(2), 1);
            assertThat(ledger.account("scans").spent().epsilon()).isBetween(0.5, 0.501);
            assertThatThrownBy(() ->
                            ledger.spend(DataUse.outsideRuns("scans", "count", REPLACE_ONE), new Event.Laplace(1.9), 1))
                    .isInstanceOf(BudgetExceededException.class);
            assertThat(ledger.accounts().keySet()).containsExactly("heart", "scans");
        }
    }

    @Test
    void whatCannotBeAccountedIsRefusedAndLeavesNoEntry() {
        try (PrivacyLedger ledger = opened()) {
            String before = ledger.head();
            assertThatThrownBy(() -> ledger.spend(
                            DataUse.outsideRuns("lungs", "count", ADD_OR_REMOVE_ONE), new Event.Laplace(2), 1))
                    .hasMessageContaining("No budget was declared for the data set 'lungs'");
            assertThatThrownBy(() ->
                            ledger.spend(DataUse.outsideRuns("heart", "count", REPLACE_ONE), new Event.Laplace(2), 1))
                    .hasMessageContaining("add or remove one")
                    .hasMessageContaining("replace one");
            assertThatThrownBy(() -> ledger.spend(
                            DataUse.outsideRuns("heart", "batches", ADD_OR_REMOVE_ONE),
                            new Event.SampledWithoutReplacement(100, 10, new Event.Gaussian(1)),
                            1))
                    .isInstanceOf(UnsupportedEventException.class);
            ledger.declare("few", new PrivacyBudget(3, 1e-5, ADD_OR_REMOVE_ONE, BudgetAccountant.GDP));
            String declared = ledger.head();
            assertThatThrownBy(() -> ledger.spend(DataUse.outsideRuns("few", "dp-sgd", ADD_OR_REMOVE_ONE), STEP, 100))
                    .hasMessageContaining("GDP accountant has only an approximation (central limit");
            assertThat(ledger.head()).isEqualTo(declared).isNotEqualTo(before);
            assertThat(ledger.account("heart").steps()).isEmpty();
        }
    }

    @Test
    void aBudgetIsFixedOnceItIsDeclared() {
        try (PrivacyLedger ledger = opened()) {
            String head = ledger.head();
            ledger.declare("heart", BUDGET);
            assertThat(ledger.head()).isEqualTo(head);
            PrivacyBudget larger = new PrivacyBudget(30, 1e-5, ADD_OR_REMOVE_ONE, BudgetAccountant.RDP);
            assertThatThrownBy(() -> ledger.declare("heart", larger))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("declared as epsilon 3.0")
                    .hasMessageContaining("cannot become epsilon 30.0");
        }
    }

    @Test
    void stepsOfABlockThatWereNotRunAreGivenBack() {
        try (PrivacyLedger ledger = opened()) {
            try (Reservation block = ledger.reserve(use("heart-1"), STEP, 64)) {
                assertThat(ledger.account("heart").steps(STEP)).isEqualTo(64);
                IntStream.range(0, 40).forEach(step -> block.use());
            }
            assertThat(ledger.account("heart").steps(STEP)).isEqualTo(40);
            Reservation all = ledger.reserve(use("heart-1"), STEP, 2);
            all.use();
            all.use();
            assertThatThrownBy(all::use).isInstanceOf(IllegalStateException.class);
            all.close();
            Reservation lost = ledger.reserve(use("heart-1"), STEP, 10);
            assertThat(lost.left()).isEqualTo(10);
        }
        LedgerContents contents = LedgerContents.read(file);
        assertThat(contents.account("heart").steps(STEP)).isEqualTo(52);
        assertThat(contents.entries()).hasSize(5);
    }

    @Test
    void anotherUserIsToldThatTheLedgerIsHeld() {
        try (PrivacyLedger ledger = opened()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(this::opened)
                        .isInstanceOf(LedgerException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("another process, or another part of this one, spends from it");
            }
            spend(ledger, "heart-1", 1);
        }
        opened().close();
    }

    @Test
    void aLedgerOfAnotherOwnerIsRefused() {
        opened().close();
        assertThatThrownBy(() -> PrivacyLedger.open(file, "site east"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("the ledger of 'site west', not of 'site east'");
        opened().close();
    }

    @Test
    void aLedgerThatIsGoneIsNotBegunAgainByItself() throws IOException {
        opened().close();
        Files.delete(file);
        assertThatThrownBy(this::opened)
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("there was a ledger here, and it is gone");
        Files.delete(file.resolveSibling("west.ledger.lock"));
        opened().close();
    }

    @Test
    void aLinkIsNotReplacedWhenTheDiskOfItsLedgerIsGone() throws IOException {
        opened().close();
        Path folder = Files.createDirectory(file.resolveSibling("etc"));
        Path link = Files.createSymbolicLink(folder.resolve("linked.ledger"), file);
        PrivacyLedger.open(link, "site west").close();
        Path away = file.resolveSibling("away");
        Files.move(file, away);

        assertThatThrownBy(() -> PrivacyLedger.open(link, "site west"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("this is a link to a file that is not there");
        assertThat(link).isSymbolicLink();
        Files.move(away, file);
        PrivacyLedger.open(link, "site west").close();
    }

    @Test
    void afterAForeignWriteNothingIsSpentUntilTheLedgerIsOpenedAgain() throws IOException {
        try (PrivacyLedger ledger = opened()) {
            String good = Files.readString(file);
            Files.writeString(file, good + "\n");
            assertThatThrownBy(() -> spend(ledger, "heart-1", 1))
                    .isInstanceOf(LedgerWriteException.class)
                    .hasMessageContaining("was changed or replaced by another program");
            Files.writeString(file, good);
            assertThatThrownBy(() -> spend(ledger, "heart-1", 1)).isInstanceOf(LedgerWriteException.class);
            assertThat(ledger.account("heart").steps()).isEmpty();
        }
        try (PrivacyLedger ledger = opened()) {
            spend(ledger, "heart-1", 1);
            Path copy = file.resolveSibling("copy");
            Files.copy(file, copy);
            Files.move(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> spend(ledger, "heart-1", 1)).isInstanceOf(LedgerWriteException.class);
        }
    }

    @Test
    void anInterruptedThreadSpendsAsAnyOther() {
        try (PrivacyLedger ledger = opened()) {
            Thread.currentThread().interrupt();
            spend(ledger, "heart-1", 1);
            assertThat(Thread.interrupted()).isTrue();
            spend(ledger, "heart-1", 1);
        }
        assertThat(LedgerContents.read(file).account("heart").steps(STEP)).isEqualTo(2);
    }

    @Test
    void aClosedLedgerSpendsNothing() {
        PrivacyLedger ledger = opened();
        ledger.close();
        assertThatThrownBy(() -> spend(ledger, "heart-1", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1e-5, The epsilon of a budget must be a finite number above 0; it is 0.0.",
        "NaN, 1e-5, The epsilon of a budget must be a finite number above 0; it is NaN.",
        "Infinity, 1e-5, The epsilon of a budget must be a finite number above 0; it is Infinity.",
        "1, 1, The delta of a budget must be 0 or more and below 1; it is 1.0.",
        "1, -1e-9, The delta of a budget must be 0 or more and below 1; it is -1.0E-9.",
        "1, NaN, The delta of a budget must be 0 or more and below 1; it is NaN."
    })
    void aBudgetThatMeansNothingIsRefused(double epsilon, double delta, String why) {
        assertThatThrownBy(() -> new PrivacyBudget(epsilon, delta, ADD_OR_REMOVE_ONE, BudgetAccountant.RDP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void noStepsAndUsesWithoutNamesAreRefused() {
        try (PrivacyLedger ledger = opened()) {
            assertThatThrownBy(() -> spend(ledger, "heart-1", 0)).hasMessageContaining("must be 1 or more; they are 0");
        }
        assertThatThrownBy(() -> DataUse.outsideRuns("a\nb", "x", REPLACE_ONE))
                .hasMessageContaining("printable characters; it is 'a?b'");
        assertThatThrownBy(() -> DataUse.outsideRuns("a", " ", REPLACE_ONE))
                .hasMessageContaining("The purpose of a use");
        assertThatThrownBy(() -> DataUse.inRound(new RunId("a"), -1, "heart", "x", REPLACE_ONE))
                .hasMessageContaining("0 or more; it is -1");
    }

    private PrivacyLedger opened() {
        PrivacyLedger ledger = PrivacyLedger.open(file, OWNER);
        ledger.declare("heart", BUDGET);
        return ledger;
    }

    private static void spend(PrivacyLedger ledger, String run, long steps) {
        ledger.spend(use(run), STEP, steps);
    }

    private static DataUse use(String run) {
        return DataUse.inRound(new RunId(run), 0, "heart", "dp-sgd", ADD_OR_REMOVE_ONE);
    }
}
