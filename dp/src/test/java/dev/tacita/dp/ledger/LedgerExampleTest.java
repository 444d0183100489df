package dev.tacita.dp.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.mechanism.LaplaceMechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/privacy.md. */
class LedgerExampleTest {
    @Test
    void aNumberIsPublishedUntilTheBudgetIsSpent(@TempDir Path folder) {
        Path file = folder.resolve("cleveland.ledger");
        assertThat(publish(file, 303)).isBetween(-700.0, 1300.0);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        publish(file, 303);
                    }
                })
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("1 step of epsilon-delta(0.05,0.0)");
    }

    @Test
    void thePageHasThisExample() throws IOException {
        String page = lines(Files.readString(Path.of("../docs/privacy.md")));
        String code = lines(Files.readString(Path.of("src/test/java/dev/tacita/dp/ledger/LedgerExampleTest.java")));
        int start = page.indexOf("```java\n") + 8;
        String example = page.substring(start, page.indexOf("```", start));
        assertThat(example.lines().count()).isGreaterThan(4);
        assertThat(code).contains(example);
    }

    private static double publish(Path file, double rows) {
        PrivacyBudget budget = new PrivacyBudget(1, 1e-5, NeighbouringRelation.ADD_OR_REMOVE_ONE, BudgetAccountant.RDP);
        try (PrivacyLedger ledger = PrivacyLedger.open(file, "site cleveland")) {
            ledger.declare("heart-disease", budget);
            DataUse use = DataUse.outsideRuns("heart-disease", "number of rows", budget.relation());
            LaplaceMechanism mechanism = LaplaceMechanism.of(1.0 / 20, 1, 1);
            ledger.spend(use, mechanism.event(), 1);
            return mechanism.release(rows);
        }
    }

    private static String lines(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n", "", "\n"));
    }
}
