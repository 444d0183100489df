package dev.tacita.dp.training;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import dev.tacita.dp.accounting.StrategySensitivity;
import dev.tacita.dp.mechanism.GaussianMechanism;
import java.util.List;

/**
 * Guarantee: the parameters after each step reveal of any one example no more than {@link Terms#event} accounts for, under
 * the relation "zero out one": no secret sample is needed, each example being in one step of every epoch, in an order that
 * may be public. The noise of different steps cancels in part, so that running sums of gradients have little of it
 * (DP-FTRL: Kairouz et al. 2021, "Practical and private (deep) learning without sampling or shuffling"). Events are entered
 * with {@link Spending} before the first noise that they account for: a tree's with its first step, a matrix's with the
 * first step of all.
 *
 * <p>What it stands on is what {@link DpSgd} stands on, but for the sampling. With plain gradient descent, or momentum, the
 * steps are those of DP-FTRL.
 *
 * <p>An instance belongs to one thread, and to one training.
 */
public final class DpFtrl {
    /** How the noise of different steps belongs together. */
    public sealed interface Correlation {
        /** A binary tree for each epoch. */
        record TreeOfEpoch() implements Correlation {}

        /** One binary tree over all steps. */
        record OneTree() implements Correlation {}

        /**
         * The first {@code bands} coefficients of the square root of the matrix of running sums.
         *
         * @param bands at least 1, which is independent noise; best at most the steps of an epoch
         */
        record Banded(int bands) implements Correlation {
            public Banded {
                if (bands < 1) {
                    throw new IllegalArgumentException("bands must be >= 1. Provided value: " + bands);
                }
            }
        }
    }

    /**
     * What decides privacy.
     *
     * @param examples how many there are, at least 1; public
     * @param batch examples in a step and the divisor of every step, at least 1, at most {@code examples}; the last batch of an
     *     epoch may be smaller
     * @param epochs how often each example is in a step, at least 1
     * @param noiseMultiplier standard deviation of the noise of a node, or of a row, as a multiple of the sensitivity of one
     *     step; above 0, at most 10000
     * @param clipping of each gradient; its norm must stay the same in all steps
     * @param correlation of the noise
     */
    public record Terms(
            int examples, int batch, int epochs, double noiseMultiplier, Clipping clipping, Correlation correlation) {
        public Terms {
            requireNonNull(clipping, "clipping is null");
            requireNonNull(correlation, "correlation is null");
            if (examples < 1) {
                throw new IllegalArgumentException("examples must be >= 1. Provided value: " + examples);
            }
            if (batch < 1 || batch > examples) {
                throw new IllegalArgumentException(
                        "batch must be >= 1 and <= the " + examples + " examples. Provided value: " + batch);
            }
            if (epochs < 1) {
                throw new IllegalArgumentException("epochs must be >= 1. Provided value: " + epochs);
            }
            PrivacyProblems.checkNoiseMultiplier(noiseMultiplier);
            if (clipping instanceof Clipping.Quantile) {
                throw new IllegalArgumentException(
                        "clipping must be by a norm that stays the same in all steps. Provided value: " + clipping);
            }
        }

        /** Steps in which each example is once. */
        public int stepsOfEpoch() {
            return (examples + batch - 1) / batch;
        }

        /** Of the whole training. */
        public int steps() {
            return Math.multiplyExact(stepsOfEpoch(), epochs);
        }

        /** What the whole training reveals. */
        public Event event() {
            return correlation instanceof Correlation.TreeOfEpoch ? entry().times(epochs) : entry();
        }

        private Event entry() {
            if (correlation instanceof Correlation.TreeOfEpoch) {
                return new Event.TreeAggregation(noiseMultiplier, List.of((long) stepsOfEpoch()));
            }
            double sensitivity = correlation instanceof Correlation.Banded banded
                    ? StrategySensitivity.toeplitz(
                            StrategySensitivity.squareRoot(banded.bands()), steps(), epochs, stepsOfEpoch())
                    : StrategySensitivity.tree(stepsOfEpoch(), epochs, 0);
            return new Event.MatrixFactorization(noiseMultiplier, sensitivity);
        }
    }

    /** As a share of the noise ({@link GaussianMechanism}). */
    private static final double COARSEST_GRID = 0x1p-29;

    private final Terms terms;
    private final Spending spending;
    private final Optimizer optimizer;
    private final NoiseStream noise;
    private final Clipper clipper;
    private final NoisyGradient gradient;
    private final int[] order;
    private final int[] rows;
    private int step;

    DpFtrl(
            PerExampleGradients.OfTask gradients,
            Terms terms,
            int[] order,
            Optimizer optimizer,
            Spending spending,
            NoiseStream independent) {
        this.terms = terms;
        this.spending = requireNonNull(spending, "spending is null");
        this.optimizer = requireNonNull(optimizer, "optimizer is null");
        this.order = checked(order, terms.examples());
        clipper = new Clipper(terms.clipping(), gradients.groups());
        gradient = new NoisyGradient(gradients, clipper, terms.batch());
        rows = new int[terms.batch()];
        int trained = NoisyGradient.trained(gradients);
        noise = terms.correlation() instanceof Correlation.Banded banded
                ? new ToeplitzNoise(StrategySensitivity.squareRoot(banded.bands()), trained, independent)
                : new TreeNoise(trained, independent);
    }

    /**
     * Ready for the first step.
     *
     * @param gradients of the examples, which are as many as the terms say
     * @param order in which they come in every epoch: each index once. It may be public, but must not depend on the examples
     * @param optimizer that leaves alone what is not trained
     * @param spending where the events are entered
     * @throws IllegalArgumentException if the noise is so large for so many rows and parameters that its grid is too coarse
     */
    public static DpFtrl of(
            PerExampleGradients.OfTask gradients, Terms terms, int[] order, Optimizer optimizer, Spending spending) {
        int trained = NoisyGradient.trained(gradients);
        GaussianMechanism mechanism = GaussianMechanism.of(terms.noiseMultiplier(), margin(terms, trained), trained);
        return new DpFtrl(gradients, terms, order, optimizer, spending, mechanism::addTo);
    }

    /**
     * The sensitivity of a row, for its noise. A mechanism makes up for the rounding of one release; where bands make an example
     * add less than its norm to many rows, each of them is rounded all the same.
     */
    static double margin(Terms terms, int trained) {
        if (!(terms.correlation() instanceof Correlation.Banded banded)) {
            return NoisyGradient.MARGIN;
        }
        double rows = Math.min(terms.steps(), (double) banded.bands() * terms.epochs());
        double share = terms.noiseMultiplier() * COARSEST_GRID * Math.sqrt(trained * rows);
        if (!(share <= 0.5)) {
            throw new IllegalArgumentException("noise-multiplier must be <= "
                    + 0.5 / (COARSEST_GRID * Math.sqrt(trained * rows)) + " for " + trained + " parameters in "
                    + (long) rows
                    + " rows. Provided value: " + terms.noiseMultiplier());
        }
        return NoisyGradient.MARGIN / (1 - share);
    }

    /** Whether a step is left. */
    public boolean hasNext() {
        return step < terms.steps();
    }

    /**
     * Takes one step.
     *
     * @param parameters changed in place
     * @param factor of the optimizer's learning rate, at least 0
     * @return how it went; secret
     * @throws IllegalStateException if no step is left: more would not be accounted for
     * @throws InterruptedException if the thread is interrupted before the noise is used; the parameters are unchanged, and
     *     the step can be taken again
     */
    public DpSgd.Step step(float[] parameters, double factor) throws InterruptedException {
        if (!hasNext()) {
            throw new IllegalStateException("the training has " + terms.steps() + " steps, and all of them were taken");
        }
        int ofEpoch = step % terms.stepsOfEpoch();
        int first = ofEpoch * terms.batch();
        int count = Math.min(terms.batch(), terms.examples() - first);
        System.arraycopy(order, first, rows, 0, count);
        gradient.collect(parameters, rows, count);
        boolean everyEpoch = terms.correlation() instanceof Correlation.TreeOfEpoch;
        if (step == 0 || (everyEpoch && ofEpoch == 0)) {
            spending.spend(terms.entry());
            if (everyEpoch) {
                ((TreeNoise) noise).restart();
            }
        }
        step++;
        optimizer.step(parameters, gradient.release(noise), factor);
        return new DpSgd.Step(count, clipper.notFinite());
    }

    private static int[] checked(int[] order, int examples) {
        boolean[] seen = new boolean[examples];
        for (int index : order) {
            if (index < 0 || index >= examples || seen[index]) {
                throw new IllegalArgumentException("the order must have each index from 0 to " + (examples - 1)
                        + " once. Provided index: " + index);
            }
            seen[index] = true;
        }
        if (order.length != examples) {
            throw new IllegalArgumentException(
                    "the order must have all " + examples + " indexes. Provided length: " + order.length);
        }
        return order.clone();
    }
}
