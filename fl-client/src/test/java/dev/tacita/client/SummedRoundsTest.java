package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.client.SummedRounds.Question;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.Hash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummedRoundsTest {
    private static final Hash MODEL = Hash.parse("ab".repeat(32));
    private static final Question FIRST = new Question(new RunId("heart"), 1, MODEL);
    private static final Question SECOND = new Question(new RunId("heart"), 2, MODEL);
    private static final Set<SiteId> THREE = Set.of(new SiteId("north"), new SiteId("east"), new SiteId("south"));
    private static final Set<SiteId> TWO = Set.of(new SiteId("north"), new SiteId("east"));
    private static final String GOLDEN = """
            tacita summed rounds, version 1
            heart 1 abababababababababababababababababababababababababababababababab east north south
            heart 2 abababababababababababababababababababababababababababababababab east north
            """;

    private final Path file;

    SummedRoundsTest(@TempDir Path folder) {
        file = folder.resolve("sums.txt");
    }

    private SummedRounds open() {
        return SummedRounds.open(Optional.of(file));
    }

    @Test
    void theBytesOfVersionOneAreWrittenAndRead() throws Exception {
        SummedRounds rounds = open();
        rounds.note(FIRST, THREE);
        rounds.note(FIRST, THREE);
        rounds.note(SECOND, TWO);
        assertThat(file).hasContent(GOLDEN.strip());
        assertThat(Files.readString(file)).isEqualTo(GOLDEN);
        SummedRounds again = open();
        assertThat(again.find(FIRST)).hasValue(THREE);
        assertThat(again.find(SECOND)).hasValue(TWO);
        assertThat(again.find(new Question(new RunId("lung"), 1, MODEL))).isEmpty();
    }

    @Test
    void aLineThatACrashCutShortIsTakenAwayAtAnyByte() throws Exception {
        for (int cut = 0; cut < GOLDEN.length(); cut++) {
            Files.writeString(file, GOLDEN.substring(0, cut));
            SummedRounds rounds = open();
            assertThat(rounds.find(SECOND)).as("cut at %s", cut).isEmpty();
            rounds.note(FIRST, THREE);
            rounds.note(SECOND, TWO);
            assertThat(Files.readString(file)).as("cut at %s", cut).isEqualTo(GOLDEN);
        }
    }

    @Test
    void aFileThatSomebodyHasChangedIsNotPassedOver() throws Exception {
        for (String damage : new String[] {"heart one " + MODEL + " a\n", "heart 1 abc a\n", "\n", "heart\n"}) {
            Files.writeString(file, GOLDEN);
            Files.writeString(file, damage, StandardOpenOption.APPEND);
            assertThatThrownBy(this::open)
                    .as("%s", damage)
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("line 4 must be a run, a round, a model and sites.");
        }
        Files.writeString(file, "something else\n");
        assertThatThrownBy(this::open).hasMessageContaining("line 1 must be 'tacita summed rounds, version 1'.");
    }

    @Test
    void withoutAFileASumIsRememberedForThisLife() throws Exception {
        SummedRounds rounds = SummedRounds.open(Optional.empty());
        rounds.note(FIRST, TWO);
        assertThat(rounds.find(FIRST)).hasValue(TWO);
    }
}
