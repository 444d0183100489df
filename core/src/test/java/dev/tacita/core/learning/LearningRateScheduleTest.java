package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    @Test
    void factorsFollowTheirDefinitions() {
        assertThat(LearningRateSchedule.CONSTANT.factor(1000)).isEqualTo(1);
        var stairs = new LearningRateSchedule.Staircase(10, 0.5);
        assertThat(stairs.factor(9)).isEqualTo(1);
        assertThat(stairs.factor(10)).isEqualTo(0.5);
        assertThat(stairs.factor(29)).isEqualTo(0.25);
        assertThat(new LearningRateSchedule.Exponential(0.9).factor(2)).isCloseTo(0.81, within(1e-12));
        var cosine = new LearningRateSchedule.Cosine(100, 0.1);
        assertThat(cosine.factor(0)).isEqualTo(1);
        assertThat(cosine.factor(50)).isCloseTo(0.55, within(1e-12));
        assertThat(cosine.factor(100)).isCloseTo(0.1, within(1e-12));
        assertThat(cosine.factor(1000)).isCloseTo(0.1, within(1e-12));
        var warmup = new LearningRateSchedule.Warmup(4, stairs);
        assertThat(warmup.factor(0)).isEqualTo(0.25);
        assertThat(warmup.factor(3)).isEqualTo(1);
        assertThat(warmup.factor(13)).isEqualTo(1);
        assertThat(warmup.factor(14)).isEqualTo(0.5);
    }

    @Test
    void fedAvgScalesTheSitesLearningRateByTheRound() {
        var training =
                new LocalWork.Train(OptimizerSpec.Sgd.of(0.2), new LocalWork.Extent.Epochs(1), OptionalInt.empty());
        var fedAvg = new FedAvg(training, 1, new LearningRateSchedule.Exponential(0.5));
        assertThat(fedAvg.work(1)).isEqualTo(training);
        assertThat(fedAvg.work(3).optimizer().learningRate()).isCloseTo(0.05, within(1e-12));
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new LearningRateSchedule.Exponential(0)).hasMessageContaining("decay must be > 0");
        assertThatThrownBy(() -> new LearningRateSchedule.Cosine(0, 0)).hasMessageContaining("length must be >= 1");
    }
}
