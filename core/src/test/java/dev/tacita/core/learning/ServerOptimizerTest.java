package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In every round the sites' models have the same mean, wherever the aggregator's model stands. */
class ServerOptimizerTest {
    private static final LocalWork.Train TRAINING =
            new LocalWork.Train(OptimizerSpec.Sgd.of(0.1), new LocalWork.Extent.Epochs(5), OptionalInt.of(10));

    static List<Arguments> rounds() {
        return List.of(
                arguments(new FedAvgM(at(1), .9), 0, 7 / 3d, new double[] {7 / 3d, 4.4333333, 4.2233333}),
                arguments(new FedAvgM(at(1), 1e-9), 0, 7 / 3d, new double[] {7 / 3d, 7 / 3d, 7 / 3d}),
                arguments(new FedAdagrad(at(.1), .5), .1, .6, new double[] {.15, .1883736, .2203166}),
                arguments(new FedAdam(at(.1), .9, .99, 1e-3), .1, .6, new double[] {.1980392, .3291933, .4770786}),
                arguments(new FedYogi(at(.01), .9, .99, 1e-3), .1, .6, new double[] {.1098039, .1230422, .1384774}),
                arguments(new FedAdagrad(at(.1), 1e-3), 0, 7 / 3d, new double[] {.0999572}),
                arguments(new FedYogi(at(.01), .9, .99, 1e-3), 0, 7 / 3d, new double[] {.0099573}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rounds")
    void roundsGiveTheseParameters(FederatedAlgorithm algorithm, double from, double replies, double[] expected) {
        ServerState state = ServerState.first(algorithm, new float[] {(float) from});
        for (int round = 1; round <= expected.length; round++) {
            double update = replies - state.parameters()[0];
            ServerState before = state;
            state = algorithm.step(before, RoundMean.ofAll(new double[] {update}, round, 2));
            assertThat((double) state.parameters()[0]).isCloseTo(expected[round - 1], within(2e-6));
            ServerState again = algorithm.step(before, RoundMean.ofAll(new double[] {update}, round, 2));
            assertThat(again.parameters()).containsExactly(state.parameters());
            assertThat(again.memory()).containsExactly(state.memory());
        }
    }

    @Test
    void adagradsFirstRoundIsExact() {
        FederatedAlgorithm adagrad = new FedAdagrad(at(.1), .5);
        ServerState state = adagrad.step(
                ServerState.first(adagrad, new float[] {.1f}), RoundMean.ofAll(new double[] {.6 - .1f}, 1, 2));
        assertThat(state.parameters()).containsExactly(.15f);
    }

    @Test
    void aMeanOfAnotherModelIsRefusedAndTheStateIsNotChanged() {
        for (FederatedAlgorithm algorithm : List.of(
                new FedAvgM(at(1), .9),
                new FedAdam(at(1), .9, .99, 1e-3),
                new FedYogi(at(1), .9, .99, 1e-3),
                new FedAdagrad(at(1), 1e-3),
                new FedDyn(TRAINING, LearningRateSchedule.CONSTANT, .1),
                new Scaffold(at(1)),
                new FedNova(at(1)),
                new QFedAvg(TRAINING, LearningRateSchedule.CONSTANT, 1))) {
            ServerState state = ServerState.first(algorithm, new float[] {1, 2});
            assertThatThrownBy(() -> algorithm.step(state, RoundMean.ofAll(new double[9], 1, 1)))
                    .as(algorithm.name())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("9");
            assertThat(state.parameters()).containsExactly(1, 2);
        }
    }

    @Test
    void stepsThatDoMoreThanAverageRefuseRunningStatistics() {
        var model = ModelSpec.sequential(
                Shape.of(4), List.of(Layer.Dense.of(3), new Normalization.BatchNorm(.1, 1e-5), Layer.Dense.of(1)));
        assertThat(at(1).problemsWith(model)).isEmpty();
        assertThat(new FedProx(at(1), .1).problemsWith(model)).isEmpty();
        for (FederatedAlgorithm algorithm : List.of(
                new FedAvgM(at(1), .9),
                new FedAdam(at(1), .9, .99, 1e-3),
                new FedYogi(at(1), .9, .99, 1e-3),
                new FedAdagrad(at(1), 1e-3),
                new FedDyn(TRAINING, LearningRateSchedule.CONSTANT, .1),
                new QFedAvg(TRAINING, LearningRateSchedule.CONSTANT, 1))) {
            assertThat(algorithm.problemsWith(model))
                    .hasSize(1)
                    .first()
                    .satisfies(problem -> assertThat(problem.why()).contains("running statistics"));
        }
    }

    private static FedAvg at(double serverLearningRate) {
        return new FedAvg(TRAINING, serverLearningRate);
    }
}
