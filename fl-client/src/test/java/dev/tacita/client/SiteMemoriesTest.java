package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.client.KeptUpdates.Place;
import dev.tacita.core.RunId;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteMemoriesTest {
    private static final RunId RUN = new RunId("heart-1");
    private static final Hash PLAN = Tensors.sha256(new float[] {7});
    private static final float[] ZEROS = new float[3];

    private final Path folder;
    private final SiteMemories memories;

    SiteMemoriesTest(@TempDir Path folder) {
        this.folder = folder;
        this.memories = new SiteMemories(Optional.of(folder));
    }

    private static Place place(int round) {
        return new Place(RUN, round, Tensors.sha256(new float[] {round}), PLAN);
    }

    private static float[] values(float first) {
        return new float[] {first, -first, 0};
    }

    @Test
    void theTwoThatMayHoldAreThereAndNoOthers() throws Exception {
        memories.keep(Optional.empty(), ZEROS, place(1), values(1));
        assertThat(memories.of(place(1), 3)).containsExactly(values(1));
        memories.keep(Optional.of(place(1)), values(1), place(2), values(2));
        memories.keep(Optional.of(place(1)), values(1), place(3), values(3));
        SiteMemories next = new SiteMemories(Optional.of(folder));
        assertThat(next.of(place(1), 3)).containsExactly(values(1));
        assertThat(next.of(place(3), 3)).containsExactly(values(3));
        assertThatThrownBy(() -> next.of(place(2), 3)).isInstanceOf(MemoryGoneException.class);
        assertThatThrownBy(() -> next.of(place(3), 4)).isInstanceOf(MemoryGoneException.class);
        Place otherPlan = new Place(RUN, 3, Tensors.sha256(new float[] {3}), Tensors.sha256(new float[] {8}));
        assertThatThrownBy(() -> next.of(otherPlan, 3)).isInstanceOf(MemoryGoneException.class);
    }

    @Test
    void aFileThatIsNotWhatWasWrittenGivesNothingWhateverIsWrongWithIt() throws Exception {
        memories.keep(Optional.empty(), ZEROS, place(1), values(1));
        Path file = folder.resolve("heart-1.memory");
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> memories.of(place(1), 3))
                    .as("the first %s bytes", length)
                    .isInstanceOf(MemoryGoneException.class);
        }
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 64;
            Files.write(file, bad);
            assertThatThrownBy(() -> memories.of(place(1), 3)).as("byte %s", i).isInstanceOf(MemoryGoneException.class);
        }
        Files.write(file, good);
        assertThat(memories.of(place(1), 3)).containsExactly(values(1));
    }

    @Test
    void aFileThatCannotBeReadNowIsNotTakenForOneThatIsGone() throws Exception {
        Files.createDirectories(folder.resolve("heart-1.memory"));
        assertThatThrownBy(() -> memories.of(place(1), 3)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> memories.keep(Optional.empty(), ZEROS, place(1), values(1)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerThatComesAfterThatToALaterRoundChangesNothing() throws Exception {
        memories.keep(Optional.empty(), ZEROS, place(2), values(2));
        assertThatThrownBy(() -> memories.keep(Optional.empty(), ZEROS, place(1), values(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("round 1 of heart-1 is over");
        assertThat(memories.of(place(2), 3)).containsExactly(values(2));
        memories.keep(Optional.empty(), ZEROS, place(2), values(2));
    }

    @Test
    void whatIsErasedStaysErasedUnlessTheLogBeginsAnew() throws Exception {
        memories.keep(Optional.empty(), ZEROS, place(9), values(1));
        memories.erase(Set.of(RUN));
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> memories.keep(Optional.empty(), ZEROS, place(9), values(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(folder).isEmptyDirectory();
        memories.logBeginsAnew();
        memories.keep(Optional.empty(), ZEROS, place(1), values(4));
        assertThat(memories.of(place(1), 3)).containsExactly(values(4));
    }
}
