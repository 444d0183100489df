package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.Protection;
import dev.tacita.wire.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressFileTest {
    private final Path folder;
    private final Path file;

    EgressFileTest(@TempDir Path folder) {
        this.folder = folder;
        file = folder.resolve("egress.jsonl");
    }

    @BeforeEach
    void write() {
        try (EgressFile record = EgressFile.open(file)) {
            record.note(departure(1));
            record.note(departure(2));
        }
        try (EgressFile record = EgressFile.open(file)) {
            record.note(departure(3));
        }
    }

    private static EgressRecord.Departure departure(int round) {
        return new EgressRecord.Departure(
                Instant.parse("2026-03-01T10:15:30Z"),
                "contribution",
                Optional.of(new RunId("heart")),
                OptionalInt.of(round),
                OptionalInt.of(1),
                1234,
                Hash.of(new byte[32]),
                Optional.of(Protection.PLAIN),
                242);
    }

    @Test
    void isOneLineForEachDepartureChainedToTheLineBefore() throws IOException {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo("{\"previous\":\"" + "0".repeat(64)
                        + "\",\"at\":\"2026-03-01T10:15:30Z\",\"kind\":\"contribution\",\"run\":\"heart\",\"round\":1,"
                        + "\"attempt\":1,\"bytes\":1234,\"sha256\":\"" + "0".repeat(64)
                        + "\",\"protection\":\"plain\",\"weight\":242}");
        assertThat(EgressFile.verify(file)).hasSize(64).isNotEqualTo("0".repeat(64));
    }

    @Test
    void aLineThatWasChangedIsFound() throws IOException {
        Files.writeString(file, Files.readString(file).replace("\"round\":2", "\"round\":9"));
        assertThatThrownBy(() -> EgressFile.verify(file))
                .isInstanceOf(EgressException.class)
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> EgressFile.open(file)).isInstanceOf(EgressException.class);
    }

    @Test
    void aLineThatWasTakenOutIsFound() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.remove(1);
        Files.write(file, lines);
        assertThatThrownBy(() -> EgressFile.verify(file))
                .isInstanceOf(EgressException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aLineThatACrashCutShortIsTakenAway() throws IOException {
        String whole = Files.readString(file);
        Files.writeString(file, "{\"previous\":\"12", StandardOpenOption.APPEND);
        try (EgressFile record = EgressFile.open(file)) {
            record.note(departure(4));
        }
        assertThat(Files.readString(file)).startsWith(whole).contains("\"round\":4");
        EgressFile.verify(file);
    }

    @Test
    void whatCannotBeNotedIsAnError() {
        EgressFile record = EgressFile.open(file);
        record.close();
        assertThatThrownBy(() -> record.note(departure(4)))
                .isInstanceOf(EgressException.class)
                .hasMessageContaining("nothing leaves");
        assertThatThrownBy(() -> EgressFile.open(folder.resolve("absent").resolve("egress.jsonl")))
                .isInstanceOf(EgressException.class);
    }

    @Test
    void aThreadThatIsInterruptedDoesNotSpoilItForOthers() throws IOException {
        try (EgressFile record = EgressFile.open(file)) {
            Thread.currentThread().interrupt();
            record.note(departure(4));
            assertThat(Thread.interrupted()).isTrue();
            record.note(departure(5));
        }
        assertThat(Files.readAllLines(file)).hasSize(5);
        EgressFile.verify(file);
    }
}
