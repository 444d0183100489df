package dev.tacita.dp.ledger;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ledger that was cut short by a crash goes on; one that was changed is refused, with the line. */
class DamagedLedgerTest {
    private static final Event STEP = new Event.Gaussian(20);
    private static final int SPENDINGS = 4;

    private Path file = Path.of("");
    private String good = "";
    private List<String> lines = List.of();

    @BeforeEach
    void writeALedger(@TempDir Path folder) throws IOException {
        file = folder.resolve("west.ledger");
        try (PrivacyLedger ledger = PrivacyLedger.open(file, "site west")) {
            ledger.declare("heart", new PrivacyBudget(3, 1e-5, ADD_OR_REMOVE_ONE, BudgetAccountant.ZCDP));
            for (int round = 0; round < SPENDINGS; round++) {
                ledger.spend(DataUse.inRound(new RunId("a"), round, "heart", "mean", ADD_OR_REMOVE_ONE), STEP, 5);
            }
        }
        good = Files.readString(file);
        lines = good.lines().toList();
    }

    @Test
    void anEntryThatIsNotWholeIsCutOffAndNamedAndAWholeOneCounts() throws IOException {
        int last = good.length() - lines.get(lines.size() - 1).length() - 1;
        for (int length :
                new int[] {last, last + 1, last + 9, last + 77, good.length() - 2, good.length() - 1, good.length()}) {
            Files.writeString(file, good.substring(0, length));
            boolean whole = length >= good.length() - 1;
            assertThat(LedgerContents.read(file).torn()).isEqualTo(!whole && length > last);
            try (PrivacyLedger ledger = PrivacyLedger.open(file, "site west")) {
                assertThat(spent(ledger))
                        .as("%s bytes of %s", length, good.length())
                        .isEqualTo(whole ? 20 : 15);
                assertThat(ledger.warning().isPresent()).isEqualTo(!whole && length > last);
                ledger.warning()
                        .ifPresent(warning -> assertThat(warning)
                                .contains(
                                        "west.ledger",
                                        "the last entry",
                                        "cut short by a crash",
                                        "nothing was revealed"));
                spendOne(ledger);
            }
            assertThat(Files.readString(file))
                    .startsWith(whole ? good : good.substring(0, last))
                    .endsWith("\n");
            assertThat(LedgerContents.read(file).entries()).hasSize(whole ? 6 : 5);
        }
    }

    @Test
    void aLastEntryOfWhichTheDiskGotOnlyTheLengthIsCutOff() throws IOException {
        int last = good.length() - lines.get(lines.size() - 1).length() - 1;
        String zeros = "\0".repeat(40) + good.substring(last + 40);
        Files.writeString(file, good.substring(0, last) + zeros);
        try (PrivacyLedger ledger = PrivacyLedger.open(file, "site west")) {
            assertThat(ledger.warning()).isPresent();
            assertThat(spent(ledger)).isEqualTo(15);
        }
        assertThat(Files.readString(file)).isEqualTo(good.substring(0, last));
    }

    @Test
    void anyByteThatIsChangedIsFoundInItsLine() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] bytes = good.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < bytes.length - 1; at += 1 + random.nextInt(8)) {
            byte[] changed = bytes.clone();
            do {
                changed[at] = (byte) random.nextInt(1, 256);
            } while (changed[at] == bytes[at] || changed[at] == '\n');
            Files.write(file, changed);
            long line = 1 + good.substring(0, at).chars().filter(c -> c == '\n').count();
            assertThatThrownBy(() -> LedgerContents.read(file))
                    .as("seed %s, byte %s", seed, at)
                    .isInstanceOf(LedgerException.class)
                    .satisfies(e -> assertThat(e.getMessage())
                            .containsAnyOf(file + ":" + line + ": ", "not a privacy ledger", "has version"));
        }
    }

    @Test
    void linesThatWereTakenOutMovedOrDoubledAreFound() throws IOException {
        for (int i = 0; i + 1 < lines.size(); i++) {
            List<String> without = new ArrayList<>(lines);
            without.remove(i);
            assertRefused(without, i == 0 ? "not a privacy ledger" : ":" + (i + 1) + ": this line was changed");
            List<String> doubled = new ArrayList<>(lines);
            doubled.add(i, lines.get(i));
            assertRefused(doubled, ":" + (i + 2) + ": this line was changed");
            List<String> swapped = new ArrayList<>(lines);
            Collections.swap(swapped, i, i + 1);
            assertRefused(swapped, i == 0 ? "not a privacy ledger" : ":" + (i + 1) + ": this line was changed");
        }
    }

    @Test
    void aLedgerIsNotMendedWhereItWasChanged() throws IOException {
        String changed = good.replace(" heart a 2 ", " heart a 9 ");
        Files.writeString(file, changed);
        assertThatThrownBy(() -> PrivacyLedger.open(file, "site west"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining(":5: this line was changed");
        assertThat(Files.readString(file)).isEqualTo(changed);
        Files.writeString(file, good);
        PrivacyLedger.open(file, "site west").close();
    }

    @Test
    void aHeadThatWasKeptShowsThatTheEndWasCutOff() throws IOException {
        String head = LedgerContents.read(file).head();
        assertThat(LedgerContents.read(file).contains(head)).isTrue();
        Files.writeString(file, String.join("\n", lines.subList(0, 4)) + "\n");
        assertThat(LedgerContents.read(file).contains(head)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 2026-01-31T09:00:00Z spent heart - - mean add-or-remove-one 5 skellam(1.0) | 'skellam' is not one",
                "7 2026-01-31T09:00:00Z spent heart - - mean add-or-remove-two 5 gaussian(1.0) | 'add-or-remove-two'",
                "7 2026-01-31T09:00:00Z spent heart - - mean replace-one 5 gaussian(1.0) | is for neighbours that add",
                "7 2026-01-31T09:00:00Z spent lungs - - mean replace-one 5 gaussian(1.0) | data set 'lungs'",
                "7 2026-01-31T09:00:00Z spent heart - - mean add-or-remove-one 0 gaussian(1.0) | must be 1 or more",
                "7 2026-01-31T09:00:00Z spent heart - - mean add-or-remove-one 5 gaussian(1.0) more | 11 words instead of 10",
                "7 2026-01-31T09:00:00Z spent heart | no entry that this program can count",
                "7 2026-01-31T09:00:00Z forgiven 3 5 | an entry of the kind 'forgiven'",
                "7 2026-01-31T09:00:00Z unused 3 6 | from 1 to 5 steps can be unused, not 6",
                "7 2026-01-31T09:00:00Z unused 2 1 | Entry 2 has no steps",
                "7 2026-01-31T09:00:00Z budget heart 3.0 1.0E-5 add-or-remove-one zcdp | has a budget already",
                "7 2026-01-31T09:00:00Z budget lungs 3.0 1.0E-5 add-or-remove-one magic | must be one of rdp, pld",
                "7 yesterday budget lungs 3.0 1.0E-5 add-or-remove-one rdp | 'yesterday' is not a time",
                "8 2026-01-31T09:00:00Z unused 3 5 | number 8"
            })
    void anEntryThatOnlyAnotherProgramUnderstandsIsRefused(String words, String why) throws IOException {
        String head = good.strip().substring(good.strip().length() - 64);
        Files.writeString(file, good + words + " " + LedgerText.hash(head, words) + "\n");
        assertThatThrownBy(() -> LedgerContents.read(file))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining(file + ":7: ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tacita-privacy-ledger 2 west 2026-01-31T09:00:00Z | it has version 2 of the format; this program knows version 1",
                "{\"mechanism\":\"rdp\",\"history\":[]} | this is not a privacy ledger",
                "'' | this is not a privacy ledger"
            })
    void aFileOfAnotherKindOrVersionIsRefused(String text, String why) throws IOException {
        Files.writeString(file, text.isEmpty() ? "" : text + "\n");
        assertThatThrownBy(() -> PrivacyLedger.open(file, "site west"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining(why);
        Files.writeString(file, text);
        assertThatThrownBy(() -> PrivacyLedger.open(file, "site west")).isInstanceOf(LedgerException.class);
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    private void assertRefused(List<String> changed, String why) throws IOException {
        Files.writeString(file, String.join("\n", changed) + "\n");
        assertThatThrownBy(() -> LedgerContents.read(file))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining(why);
    }

    private static long spent(PrivacyLedger ledger) {
        return ledger.account("heart").steps(STEP);
    }

    private static void spendOne(PrivacyLedger ledger) {
        ledger.spend(DataUse.outsideRuns("heart", "mean", ADD_OR_REMOVE_ONE), STEP, 1);
    }
}
