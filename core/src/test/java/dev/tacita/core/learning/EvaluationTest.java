package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EvaluationTest {
    @Test
    void sitesPoolAsIfTheirExamplesWereOneSet() {
        Evaluation pooled = new Evaluation(10, 5, 9).plus(new Evaluation(30, 3, 11));
        assertThat(pooled).isEqualTo(new Evaluation(40, 8, 20));
        assertThat(pooled.loss()).isEqualTo(0.2);
        assertThat(pooled.accuracy()).isEqualTo(0.5);
        assertThat(pooled.plus(Evaluation.NONE)).isEqualTo(pooled);
    }

    @Test
    void noExamplesHaveNoMean() {
        assertThat(Evaluation.NONE.loss()).isNaN();
        assertThat(Evaluation.NONE.accuracy()).isNaN();
    }

    @Test
    void moreRightThanExamplesIsRefused() {
        assertThatThrownBy(() -> new Evaluation(1, 0, 2)).hasMessageContaining("correct must be <= examples");
        assertThatThrownBy(() -> new Evaluation(-1, 0, 0)).hasMessageContaining("examples must be >= 0");
    }

    @Test
    void theLossOfSitesTogetherIsWeighedByTheirExamples() {
        Evaluation together =
                new Evaluation(1, 2, 0).plus(new Evaluation(2, 2, 0)).plus(new Evaluation(1, 2, 0));
        assertThat(together.loss()).isEqualTo(1.5);
    }
}
