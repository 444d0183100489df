package dev.tacita.dp.audit;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tacita.dp.mechanism.RandomizedResponse;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OneRunAuditTest {
    @Test
    void pValuesAgreeWithSumsOfFractions() {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 30; i++) {
            int canaries = 1 + random.nextInt(40);
            int made = random.nextInt(canaries + 1);
            int correct = random.nextInt(made + 1);
            double epsilon = 4 * random.nextDouble();
            double delta = random.nextInt(3) * 1e-4;
            double rate = 1 / (1 + Math.exp(-epsilon));
            double worst = 0;
            for (int j = 1; j <= canaries; j++) {
                double between = 0;
                for (int k = Math.max(0, correct - j); k < correct; k++) {
                    between += ExactBinomial.mass(k, made, rate).doubleValue();
                }
                worst = Math.max(worst, 2 * between / j);
            }
            double expected = Math.min(1, ExactBinomial.atLeast(correct, made, rate) + worst * canaries * delta);

            assertThat(OneRunAudit.pValue(new Guesses(canaries, made, correct), epsilon, delta))
                    .as("seed %d, case %d", seed, i)
                    .isCloseTo(expected, withinPercentage(1e-6));
        }
    }

    @Test
    void theBoundIsWhereThePValueIsTheFalseAlarmAndGrowsWithTheGuessesThatAreRight() {
        for (double delta : new double[] {0, 1e-5, 1e-3}) {
            double before = 0;
            for (int correct = 400; correct <= 800; correct += 25) {
                Guesses guesses = new Guesses(1000, 800, correct);
                double epsilon = OneRunAudit.epsilon(guesses, delta, 0.01, ADD_OR_REMOVE_ONE)
                        .epsilon();
                assertThat(epsilon).as(guesses.toString()).isGreaterThanOrEqualTo(before);
                if (epsilon > 0) {
                    assertThat(OneRunAudit.pValue(guesses, epsilon, delta)).isCloseTo(0.01, withinPercentage(0.01));
                    assertThat(OneRunAudit.pValue(guesses, 0.9 * epsilon, delta))
                            .isLessThan(0.01);
                }
                before = epsilon;
            }
            assertThat(before).isGreaterThan(1);
        }
    }

    @Test
    void allRightOfAThousandIsWorthWhatTheArithmeticSays() {
        double rate = Math.pow(0.05, 1e-3);

        assertThat(OneRunAudit.epsilon(new Guesses(1000, 1000, 1000), 0, 0.05, ADD_OR_REMOVE_ONE)
                        .epsilon())
                .isCloseTo(Math.log(rate / (1 - rate)), within(1e-6));
        assertThat(OneRunAudit.epsilon(new Guesses(1000, 1000, 500), 0, 0.05, ADD_OR_REMOVE_ONE)
                        .epsilon())
                .isZero();
        assertThat(OneRunAudit.epsilon(new Guesses(1000, 0, 0), 0, 0.05, ADD_OR_REMOVE_ONE)
                        .epsilon())
                .isZero();
    }

    @Test
    void randomizedResponseIsBoundedTightlyAndNotAbove() {
        double epsilon = 1.5;
        RandomizedResponse answers = RandomizedResponse.of(epsilon, 2);
        Random coins = new Random(6);
        int canaries = 20_000;
        double[] scores = new double[canaries];
        boolean[] included = new boolean[canaries];
        for (int i = 0; i < canaries; i++) {
            included[i] = coins.nextBoolean();
            scores[i] = answers.answer(included[i] ? 1 : 0);
        }
        int half = (int) java.util.stream.IntStream.range(0, canaries)
                .filter(i -> scores[i] == 1)
                .count();
        Guesses guesses = Guesses.ofScores(scores, included, half, canaries - half);

        assertThat(OneRunAudit.epsilon(guesses, 0, 1e-6, ADD_OR_REMOVE_ONE).epsilon())
                .isBetween(epsilon - 0.15, epsilon);
    }

    @Test
    void guessesAreTheExtremesOfTheScores() {
        double[] scores = {5, 1, 4, 2, 3};
        boolean[] included = {true, false, false, true, true};

        assertThat(Guesses.ofScores(scores, included, 2, 2)).isEqualTo(new Guesses(5, 4, 2));
        assertThat(Guesses.ofScores(scores, included, 1, 1)).isEqualTo(new Guesses(5, 2, 2));
        assertThat(Guesses.ofScores(scores, included, 0, 0)).isEqualTo(new Guesses(5, 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Guesses.ofScores(scores, included, 3, 3))
                .withMessage("guessedOut must lie from 0 to 2. Provided value: 3");
    }

    @Test
    void pairsAreGuessedWhereTheyDifferMost() {
        double[] first = {1, 5, 3, 0};
        double[] second = {9, 4, 3, 2};
        boolean[] firstIncluded = {false, true, true, true};

        assertThat(Guesses.ofPairs(first, second, firstIncluded, 1)).isEqualTo(new Guesses(4, 1, 1));
        assertThat(Guesses.ofPairs(first, second, firstIncluded, 2)).isEqualTo(new Guesses(4, 2, 1));
        assertThat(Guesses.ofPairs(first, second, firstIncluded, 4)).isEqualTo(new Guesses(4, 4, 3));
    }

    @Test
    void deltaWeakensTheBound() {
        Guesses guesses = new Guesses(1000, 100, 100);

        assertThat(OneRunAudit.epsilon(guesses, 1e-2, 0.05, REPLACE_ONE).epsilon())
                .isLessThan(
                        OneRunAudit.epsilon(guesses, 1e-5, 0.05, REPLACE_ONE).epsilon());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OneRunAudit.epsilon(guesses, 1, 0.05, REPLACE_ONE))
                .withMessage("delta must be >= 0 and < 1. Provided value: 1.0");
    }
}
