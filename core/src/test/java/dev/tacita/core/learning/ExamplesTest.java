package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.model.Shape;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private final Examples examples =
            new ArrayExamples(Shape.of(2), 1, new float[] {0, 1, 2, 3, 4, 5}, new float[] {7, 8, 9});

    @Test
    void aSelectionReadsTheRowsInItsOrder() {
        int[] rows = {2, 0, 2};
        Examples selected = examples.select(rows);
        rows[0] = 1;
        float[] read = new float[4];
        selected.copyInput(0, read, 1);
        selected.copyTarget(2, read, 3);
        assertThat(read).containsExactly(0, 4, 5, 9);
        assertThat(selected.size()).isEqualTo(3);
        assertThat(selected.inputShape()).isEqualTo(Shape.of(2));
        assertThat(selected.targetSize()).isEqualTo(1);
    }

    @Test
    void arraysOfDifferentNumbersOfRowsAreRefused() {
        assertThatThrownBy(() -> new ArrayExamples(Shape.of(2), 1, new float[6], new float[2]))
                .hasMessageContaining("the same number of rows");
        assertThat(ArrayExamples.none(Shape.of(2), 3).size()).isZero();
    }
}
