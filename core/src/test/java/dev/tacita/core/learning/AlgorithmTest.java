package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AlgorithmTest {
    private static final LocalWork.Train TRAINING =
            new LocalWork.Train(OptimizerSpec.Sgd.of(0.1), new LocalWork.Extent.Epochs(5), OptionalInt.of(10));

    @Test
    void fedSgdStepsAgainstTheMeanGradient() {
        float[] parameters = {1, 2};
        FedSgd algorithm = new FedSgd(0.5);
        assertThat(step(algorithm, parameters, new double[] {2, -4})).containsExactly(0, 4);
        assertThat(parameters).containsExactly(1, 2);
        assertThat(algorithm.work(1)).isEqualTo(new LocalWork.Gradient());
    }

    @Test
    void fedAvgAddsTheMeanUpdate() {
        assertThat(step(new FedAvg(TRAINING, 1), new float[] {1, 2}, new double[] {0.5, -1}))
                .containsExactly(1.5f, 1);
        assertThat(step(new FedAvg(TRAINING, 2), new float[] {1, 2}, new double[] {0.5, -1}))
                .containsExactly(2, 0);
        assertThat(new FedAvg(TRAINING, 1).work(3)).isEqualTo(TRAINING);
    }

    @Test
    void aStepRoundsOnceFromDoublePrecision() {
        assertThat(step(new FedSgd(1), new float[] {1}, new double[] {-0x1p-24 - 0x1p-40}))
                .containsExactly(1 + 0x1p-23f);
    }

    @Test
    void aMeanOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> step(new FedSgd(1), new float[2], new double[3]))
                .hasMessageContaining("as many elements as the parameters");
    }

    @Test
    void ratesAndCountsOutOfRangeAreRefused() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new FedSgd(rate)).hasMessageContaining("learning-rate must be > 0 and finite");
            assertThatThrownBy(() -> new FedAvg(TRAINING, rate)).hasMessageContaining("server-learning-rate");
            assertThatThrownBy(() -> OptimizerSpec.Adam.of(rate)).hasMessageContaining("learning-rate");
        }
        assertThatThrownBy(() -> new OptimizerSpec.Sgd(1, 1, false, 0)).hasMessageContaining("momentum");
        assertThatThrownBy(() -> new OptimizerSpec.Sgd(1, 0, true, 0)).hasMessageContaining("nesterov needs");
        assertThatThrownBy(() -> new LocalWork.Extent.Epochs(0)).hasMessageContaining("epochs must be >= 1");
        assertThatThrownBy(() -> new LocalWork.Extent.Steps(0)).hasMessageContaining("steps must be >= 1");
        assertThatThrownBy(() ->
                        new LocalWork.Train(OptimizerSpec.Sgd.of(1), new LocalWork.Extent.Steps(1), OptionalInt.of(0)))
                .hasMessageContaining("batch-size must be >= 1");
    }

    private static float[] step(FederatedAlgorithm algorithm, float[] parameters, double[] mean) {
        return algorithm
                .step(ServerState.of(parameters), RoundMean.ofAll(mean, 1, 1))
                .parameters();
    }
}
