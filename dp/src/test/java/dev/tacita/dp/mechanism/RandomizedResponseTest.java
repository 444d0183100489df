package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomizedResponseTest {
    @ParameterizedTest
    @CsvSource({"0.5, 2", "1, 5", "3, 10"})
    void answersWithProbabilitiesWhoseRatioIsExpOfEpsilon(double epsilon, int choices) {
        RandomizedResponse response = RandomizedResponse.of(epsilon, choices, Repeatable.bits(61));
        double[] probabilities = new double[choices];
        Arrays.fill(probabilities, 1 / (Math.exp(epsilon) + choices - 1));
        probabilities[1] *= Math.exp(epsilon);
        long[] observed = new long[choices];
        for (int i = 0; i < 100_000; i++) {
            observed[response.answer(1)]++;
        }

        Fit.assertFits("epsilon " + epsilon, observed, probabilities);
        assertThat(response.probabilityOfTruth()).isCloseTo(probabilities[1], within(1e-15));
    }

    @Test
    void estimatesSharesWithoutBiasAndWithTheVarianceItStates() {
        RandomizedResponse response = RandomizedResponse.of(1, 3, Repeatable.bits(62));
        int people = 200;
        int surveys = 2000;
        double sum = 0;
        double squares = 0;
        double stated = 0;
        for (int survey = 0; survey < surveys; survey++) {
            long[] counts = new long[3];
            for (int i = 0; i < people; i++) {
                counts[response.answer(i < 140 ? 0 : i < 190 ? 1 : 2)]++;
            }
            RandomizedResponse.Estimate estimate = response.estimate(counts, 0);
            sum += estimate.share();
            squares += (estimate.share() - 0.7) * (estimate.share() - 0.7);
            stated += estimate.variance();
        }
        double variance = squares / surveys;

        assertThat(sum / surveys).isCloseTo(0.7, within(5 * Math.sqrt(variance / surveys)));
        assertThat(stated / surveys).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / surveys)));
    }

    @Test
    void estimatesFromBinaryAnswersTheTruthWhenTheyAreAsExpected() {
        RandomizedResponse response = RandomizedResponse.binary(Math.log(3));

        assertThat(response.probabilityOfTruth()).isCloseTo(0.75, within(1e-15));
        assertThat(response.estimate(new long[] {600, 400}, 1).share()).isCloseTo(0.3, within(1e-12));
        assertThat(response.estimate(new long[] {600, 400}, 1).variance())
                .isCloseTo(0.75 * 0.25 / (1000 * 0.25), within(1e-12));
        assertThat(RandomizedResponse.binary(1e6).answer(true)).isTrue();
    }

    @Test
    void refusesAnswersAndCountsThatCannotBeWithoutTellingTheAnswer() {
        RandomizedResponse response = RandomizedResponse.of(1, 3);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> response.answer(17))
                .withMessage("an answer must be 0 to 2 (its value is private)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> response.estimate(new long[] {1, 2}, 0))
                .withMessage("counts must have the mechanism's dimension, 3. Provided length: 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> response.estimate(new long[3], 0))
                .withMessage("counts must have a sum >= 1. Provided value: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RandomizedResponse.of(1, 1))
                .withMessage("choices must be >= 2. Provided value: 1");
    }
}
