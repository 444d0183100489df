package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.PerExampleGradients.Group;
import dev.tacita.core.learning.PerExampleGradients.OfTask;
import dev.tacita.core.learning.ScalingRule;
import dev.tacita.core.optimizer.Optimizer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Examples that do not exist, added to a training to audit it from the inside: the gradient of each is one number in a
 * coordinate of its own, the same in every step (Nasr et al. 2023, section 5; "Dirac canaries"). A secret fair coin decides
 * whether each takes part. The auditor sees every released gradient and knows the sum over the real examples of each batch,
 * which is the strongest position that differential privacy allows. The model of such a training is for the audit only.
 *
 * <p>Real examples have the indexes from 0, canaries those that follow. A canary that does not take part is not shown to the
 * rule that scales, as if it were not in the data set. An instance belongs to one thread and one training.
 */
public final class GradientCanaries {
    private final OfTask gradients;
    private final int examples;
    private final float norm;
    private final int[] coordinates;
    private final int[] groups;
    private final boolean[] included;
    private final double[] scores;
    private float[] ofReal = new float[0];

    /**
     * Throws the coins.
     *
     * @param gradients of the real examples
     * @param examples how many of those there are, 0 or more
     * @param canaries how many, at least 1, at most the parameters that are trained
     * @param norm of a canary's gradient, above 0; several times the clipping norm, so that a clip that is missing is seen
     */
    public GradientCanaries(OfTask gradients, int examples, int canaries, double norm) {
        this.gradients = requireNonNull(gradients, "gradients is null");
        Checks.atLeast("examples", examples, 0);
        Checks.positive("norm", norm);
        this.examples = examples;
        this.norm = (float) norm;
        List<Group> trained = gradients.groups();
        int parameters = trained.stream().mapToInt(Group::length).sum();
        Checks.between("canaries", canaries, 1, parameters);
        SecureRandom random = new SecureRandom();
        int[] places = random.ints(0, parameters).distinct().limit(canaries).toArray();
        coordinates = new int[canaries];
        groups = new int[canaries];
        included = new boolean[canaries];
        scores = new double[canaries];
        for (int i = 0; i < canaries; i++) {
            int place = places[i];
            while (place >= trained.get(groups[i]).length()) {
                place -= trained.get(groups[i]++).length();
            }
            coordinates[i] = trained.get(groups[i]).offset() + place;
            included[i] = random.nextBoolean();
        }
    }

    /** How many indexes there are: real examples and canaries. */
    public int size() {
        return examples + included.length;
    }

    /** The gradients of real examples and canaries, for the training. */
    public OfTask gradients() {
        return new WithCanaries();
    }

    /**
     * An optimizer that scores every canary by what a step releases, and then takes the step.
     *
     * @param divisor what the training divides its sum by: the expected batch, canaries counted among the examples
     */
    public Optimizer watching(Optimizer optimizer, double divisor) {
        Checks.positive("divisor", divisor);
        return (parameters, gradient, factor) -> {
            for (int i = 0; i < scores.length; i++) {
                scores[i] += gradient[coordinates[i]] * divisor - ofReal[coordinates[i]];
            }
            optimizer.step(parameters, gradient, factor);
        };
    }

    /**
     * Guesses about the canaries after the training.
     *
     * @param guessedIn how many with the highest scores are guessed to be in; fixed before the training
     * @param guessedOut how many with the lowest scores are guessed to be out
     */
    public Guesses guesses(int guessedIn, int guessedOut) {
        return Guesses.ofScores(scores, included, guessedIn, guessedOut);
    }

    /** The scores of canaries that took part and of those that did not. */
    public MembershipScores scores() {
        return MembershipScores.of(scores, included);
    }

    private final class WithCanaries implements OfTask {
        private int[] real = new int[0];
        private int[] shown = new int[0];

        @Override
        public List<Group> groups() {
            return gradients.groups();
        }

        @Override
        public Evaluation sum(float[] parameters, int[] rows, int count, ScalingRule rule, float[] sum)
                throws InterruptedException {
            if (real.length < count) {
                real = new int[count];
                shown = new int[count];
            }
            int reals = 0;
            int canaries = 0;
            for (int i = 0; i < count; i++) {
                if (rows[i] < examples) {
                    real[reals++] = rows[i];
                } else if (included[rows[i] - examples]) {
                    shown[canaries++] = rows[i] - examples;
                }
            }
            Evaluation evaluation = gradients.sum(parameters, real, reals, rule, sum);
            ofReal = Arrays.copyOf(sum, sum.length);
            if (canaries > 0) {
                addCanaries(rule, reals, canaries, sum);
            }
            return evaluation;
        }

        private void addCanaries(ScalingRule rule, int first, int count, float[] sum) {
            ExampleNorms norms = new ExampleNorms(gradients.groups().size(), count);
            norms.begin(first, count);
            for (int i = 0; i < count; i++) {
                norms.squares(groups[shown[i]])[i] = (double) norm * norm;
            }
            rule.scale(norms);
            for (int i = 0; i < count; i++) {
                int canary = shown[i];
                sum[coordinates[canary]] += norms.coefficients(groups[canary])[i] * norm;
            }
        }

        @Override
        public void each(float[] parameters, int[] rows, int count, float[][] each) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                if (rows[i] < examples) {
                    gradients.each(parameters, new int[] {rows[i]}, 1, new float[][] {each[i]});
                } else {
                    Arrays.fill(each[i], 0);
                    int canary = rows[i] - examples;
                    each[i][coordinates[canary]] = included[canary] ? norm : 0;
                }
            }
        }
    }
}
