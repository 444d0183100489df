package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.PerExampleGradients.Group;
import dev.tacita.core.learning.PerExampleGradients.OfTask;
import dev.tacita.core.learning.ScalingRule;
import dev.tacita.dp.Neighbours;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.PldAccountant;
import dev.tacita.dp.accounting.PrivacyLoss;
import dev.tacita.dp.mechanism.Seeded;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/**
 * A step of DP-SGD on two neighbouring data sets, one of which has an example with a large gradient where the other has one
 * of zero, against what PLD says of its event; and three ways to get it wrong, which must be caught.
 */
class NeighbouringStepTest {
    private static final int EXAMPLES = 8;
    private static final int BATCH = 3;
    private static final double NOISE = 0.8;
    private static final int FEW = 10_000;
    private static final int MANY = 100_000;
    private static final double[] EPSILONS = {0, 0.5, 1, 1.5, 2, 2.5, 3};
    private static final PrivacyLoss CLAIM = new PldAccountant(NeighbouringRelation.ADD_OR_REMOVE_ONE)
            .account(terms(1, NOISE).event());

    @Test
    void aStepKeepsWhatItsEventClaims() {
        assertThat(broken(1, NOISE, false, MANY)).isFalse();
    }

    @Test
    void aQuarterOfTheNoiseIsCaught() {
        assertThat(broken(1, NOISE / 4, false, FEW)).isTrue();
    }

    @Test
    void aClipThatIsRemovedIsCaught() {
        // A norm that nothing reaches, and the noise of a norm of 1.
        assertThat(broken(1000, NOISE / 1000, false, FEW)).isTrue();
    }

    @Test
    void aSumThatIsDividedByTheBatchThatWasDrawnIsCaught() {
        assertThat(broken(1, NOISE, true, MANY)).isTrue();
    }

    private static boolean broken(double norm, double noise, boolean dividesByDrawn, int draws) {
        double[] without = new double[EXAMPLES];
        double[] with = new double[EXAMPLES];
        with[3] = 7;
        return new Neighbours(
                        steps(with, norm, noise, dividesByDrawn, 91),
                        steps(without, norm, noise, dividesByDrawn, 92),
                        draws)
                .breaks(epsilon -> CLAIM.delta(epsilon).delta(), EPSILONS);
    }

    private static DpSgd.Terms terms(double norm, double noise) {
        return new DpSgd.Terms(EXAMPLES, BATCH, noise, new Clipping.Flat(norm));
    }

    private static DoubleSupplier steps(
            double[] gradients, double norm, double noise, boolean dividesByDrawn, long seed) {
        OfTask task = FixedGradients.of(gradients);
        DpSgd.Terms terms = terms(norm, noise);
        DpSgd sgd = new DpSgd(
                dividesByDrawn ? new Averaging(task) : task,
                terms,
                DpSgdTest.replacing(),
                event -> {},
                Seeded.sampler(terms.rate(), seed),
                Seeded.gaussian(noise, NoisyGradient.MARGIN, 1, seed + 1000),
                Seeded.gaussian(1, 1, 1, seed + 2000));
        return () -> {
            float[] parameters = new float[1];
            try {
                sgd.step(parameters, 1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return parameters[0];
        };
    }

    /** Sums as if each batch had the expected size: the mistake. */
    private record Averaging(OfTask task) implements OfTask {
        @Override
        public List<Group> groups() {
            return task.groups();
        }

        @Override
        public Evaluation sum(float[] parameters, int[] rows, int count, ScalingRule rule, float[] sum)
                throws InterruptedException {
            Evaluation evaluation = task.sum(parameters, rows, count, rule, sum);
            for (int i = 0; count > 0 && i < sum.length; i++) {
                sum[i] *= (float) BATCH / count;
            }
            return evaluation;
        }

        @Override
        public void each(float[] parameters, int[] rows, int count, float[][] gradients) throws InterruptedException {
            task.each(parameters, rows, count, gradients);
        }
    }
}
