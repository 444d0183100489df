package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContributionRuleTest {
    private static final int SIZE = 6;
    private static final int FROM = 2 * SIZE;

    /** A contribution whose Hessian is the mean over rows of weight * x x^T. */
    private static float[] honest(SplittableRandom random, int rows) {
        double[] sums = new double[SIZE * (SIZE + 1) / 2];
        for (int row = 0; row < rows; row++) {
            double weight = random.nextDouble(1e-4, .25);
            double scale = Math.pow(10, random.nextInt(-3, 3));
            double[] x = random.doubles(SIZE, -scale, scale).toArray();
            x[SIZE - 1] = 1;
            x[1] = 0;
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j <= i; j++) {
                    sums[LogisticSums.place(i, j)] += weight * x[i] * x[j] / rows;
                }
            }
        }
        float[] contribution = new float[FROM + sums.length];
        for (int i = 0; i < sums.length; i++) {
            contribution[FROM + i] = (float) sums[i];
        }
        return contribution;
    }

    @Test
    void aHessianOfRowsIsTakenWhateverItsRank() {
        HessianRule rule = new HessianRule(FROM, SIZE);
        for (long seed = 0; seed < 500; seed++) {
            var random = new SplittableRandom(seed);
            float[] contribution = honest(random, random.nextInt(1, 12));
            assertThat(rule.problem(0, contribution)).as("seed " + seed).isEmpty();
        }
        assertThat(rule.problem(0, new float[FROM + SIZE * (SIZE + 1) / 2]))
                .as("no rows vary")
                .isEmpty();
    }

    @Test
    void aHessianWithANegativeEigenvalueIsNotTaken() {
        HessianRule rule = new HessianRule(FROM, SIZE);
        for (long seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            float[] contribution = honest(random, 40);
            int i = random.nextInt(1, SIZE);
            int j = random.nextInt(i);
            // Of the two by two part, the product of the diagonal is below the square of the other.
            double diagonal = (double) contribution[FROM + LogisticSums.place(i, i)]
                    * contribution[FROM + LogisticSums.place(j, j)];
            contribution[FROM + LogisticSums.place(i, j)] = (float) (1.1 * Math.sqrt(diagonal) + 1);
            assertThat(rule.problem(0, contribution))
                    .as("seed " + seed)
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .isEqualTo("a Hessian must not have a negative eigenvalue; the one from index 12 has"));
        }
    }

    @Test
    void ofAHessianInPartsTheDiagonalIsLookedAt() {
        HessianRule rule = new HessianRule(FROM, SIZE);
        float[] contribution = honest(new SplittableRandom(1), 40);
        int at = FROM + LogisticSums.place(4, 4);
        contribution[at] = -1e-3f;
        for (int cut = 1; cut < contribution.length; cut++) {
            assertThat(rule.problem(0, Arrays.copyOf(contribution, cut)).isPresent())
                    .isEqualTo(cut > at);
            assertThat(rule.problem(cut, Arrays.copyOfRange(contribution, cut, contribution.length))
                            .isPresent())
                    .isEqualTo(cut <= at);
        }
        assertThat(rule.problem(0, contribution))
                .contains("the diagonal of a Hessian must not be negative. Provided value: -0.001 at index " + at);
    }

    @Test
    void aNumberBelowTheLeastIsFoundInWhicheverPartItStands() {
        ContributionRule rule = ContributionRule.atLeast("the number of steps", 3, .5f);
        assertThat(rule.from()).isEqualTo(3);
        assertThat(rule.problem(0, new float[] {-1, -1, -1})).isEmpty();
        assertThat(rule.problem(4, new float[] {-1})).isEmpty();
        assertThat(rule.problem(2, new float[] {-1, .5f})).isEmpty();
        assertThat(rule.problem(2, new float[] {-1, .25f, -1}))
                .contains("the number of steps must be at least 0.5. Provided value: 0.25 at index 3");
    }
}
