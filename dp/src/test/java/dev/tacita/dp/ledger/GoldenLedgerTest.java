package dev.tacita.dp.ledger;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of each version are kept for ever: what was once written can be read. */
class GoldenLedgerTest {
    private static final Instant TIME = Instant.parse("2026-01-31T09:00:00.250Z");

    @TempDir
    Path folder = Path.of("");

    @Test
    void theKeptBytesAreReadAsTheEntriesThatTheyAre() throws IOException {
        LedgerContents contents = LedgerContents.read(Files.writeString(folder.resolve("old.ledger"), golden()));
        assertThat(contents.owner()).isEqualTo("site Zürich");
        assertThat(contents.entries()).isEqualTo(entries());
        assertThat(contents.head())
                .isEqualTo(golden().strip().substring(golden().strip().length() - 64));
        assertThat(contents.torn()).isFalse();
    }

    @Test
    void theSameEntriesGiveTheKeptBytes() throws IOException {
        StringBuilder text = new StringBuilder();
        String head = LedgerText.START;
        List<String> lines = new ArrayList<>(List.of(LedgerText.first("site Zürich", TIME)));
        entries().forEach(entry -> lines.add(LedgerText.write(entry)));
        for (String words : lines) {
            head = LedgerText.hash(head, words);
            text.append(words).append(' ').append(head).append('\n');
        }
        assertThat(text).hasToString(golden());
    }

    @Test
    void everyKindOfEntryHasKeptBytes() {
        assertThat(entries().stream().map(LedgerEntry::getClass).collect(Collectors.toSet()))
                .isEqualTo(java.util.Set.of(LedgerEntry.class.getPermittedSubclasses()));
    }

    private static List<LedgerEntry> entries() {
        List<LedgerEntry> entries = new ArrayList<>(List.of(
                new LedgerEntry.Declared(
                        2, TIME, "heart-disease", new PrivacyBudget(1, 0.001, ADD_OR_REMOVE_ONE, BudgetAccountant.RDP)),
                new LedgerEntry.Declared(
                        3, TIME, "all scans, 2025", new PrivacyBudget(8, 0.25, REPLACE_ONE, BudgetAccountant.PLD)),
                new LedgerEntry.Spent(
                        4,
                        TIME,
                        DataUse.inRound(new RunId("heart-1"), 7, "heart-disease", "dp-sgd", ADD_OR_REMOVE_ONE),
                        new Event.PoissonSampled(0.0625, new Event.Gaussian(1.5)),
                        64),
                new LedgerEntry.Spent(
                        5,
                        TIME,
                        DataUse.outsideRuns("all scans, 2025", "number of rows, 100 %", REPLACE_ONE),
                        new Event.Laplace(20),
                        1),
                new LedgerEntry.Unused(6, TIME, 4, 12)));
        for (Event event : EventTextTest.KINDS) {
            entries.add(new LedgerEntry.Spent(
                    entries.size() + 2L,
                    TIME,
                    DataUse.outsideRuns("heart-disease", "every-kind", ADD_OR_REMOVE_ONE),
                    event,
                    1));
        }
        return entries;
    }

    private static String golden() throws IOException {
        try (InputStream in = GoldenLedgerTest.class.getResourceAsStream("/golden/ledger-v1.txt")) {
            assertThat(in).as("golden/ledger-v1.txt").isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line + "\n")
                    .collect(Collectors.joining());
        }
    }
}
