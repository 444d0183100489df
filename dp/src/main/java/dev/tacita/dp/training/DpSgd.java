package dev.tacita.dp.training;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import dev.tacita.dp.mechanism.GaussianMechanism;
import dev.tacita.dp.mechanism.PoissonSampler;

/**
 * Guarantee: the parameters after each step reveal of any one example no more than {@link Terms#event} accounts for, under
 * the relation "add or remove one", every step having been entered with {@link Spending} before its noise was used (Abadi
 * et al. 2016, algorithm 1). If that refuses, the parameters stay as they were.
 *
 * <p>One object holds what must agree: each example joins a batch by its own secret coin; its gradient is clipped and, if it
 * is not finite, left out; the sum gets noise for exactly that clipping; it is divided by the expected batch, never by the
 * one drawn; an empty batch is a step like any other. With {@link Clipping.Quantile} the number of gradients within the norm
 * is released too, inside the same event.
 *
 * <p>What it stands on: the number of examples is public; parameters given at first do not depend on the examples; what the
 * gradients state as norms is right to 2^-15. The sum is one of floats, whose rounding is not bounded by the noise's grid
 * but is some 2^-24 of the sum. Batches, their sizes and their losses are secret and are not returned.
 *
 * <p>An instance belongs to one thread, and to one training: an optimizer's state goes with it.
 */
public final class DpSgd {
    /**
     * What decides privacy.
     *
     * @param examples how many there are, at least 1; public
     * @param batch expected number of examples in a step, at least 1, at most {@code examples}; equal to it, every example
     *     is in every step
     * @param noiseMultiplier standard deviation of the noise as a multiple of the sensitivity; above 0, at most 10000
     * @param clipping what bounds the sensitivity
     */
    public record Terms(int examples, int batch, double noiseMultiplier, Clipping clipping) {
        public Terms {
            requireNonNull(clipping, "clipping is null");
            if (examples < 1) {
                throw new IllegalArgumentException("examples must be >= 1. Provided value: " + examples);
            }
            if (batch < 1 || batch > examples) {
                throw new IllegalArgumentException(
                        "batch must be >= 1 and <= the " + examples + " examples. Provided value: " + batch);
            }
            PrivacyProblems.checkNoiseMultiplier(noiseMultiplier);
            if (clipping instanceof Clipping.Quantile quantile) {
                QuantileNorm.sumMultiplier(noiseMultiplier, quantile);
            }
        }

        /** The probability of an example to be in a step. */
        public double rate() {
            return (double) batch / examples;
        }

        /** What one step reveals, adaptive norms included. */
        public Event event() {
            return new Event.PoissonSampled(rate(), new Event.Gaussian(noiseMultiplier));
        }
    }

    /**
     * How a step went. Secret: it says more about the examples than the step itself, so it must stay at the site.
     *
     * @param drawn how many examples were in the batch
     * @param notFinite of how many the gradient was not finite, so that they added zero
     */
    public record Step(int drawn, int notFinite) {
        /** Without the numbers. */
        @Override
        public String toString() {
            return "Step[secret]";
        }
    }

    private final Terms terms;
    private final Spending spending;
    private final Optimizer optimizer;
    private final PoissonSampler sampler;
    private final NoiseStream noise;
    private final GaussianMechanism countNoise;
    private final Clipper clipper;
    private final NoisyGradient gradient;
    private final int[] rows;

    DpSgd(
            PerExampleGradients.OfTask gradients,
            Terms terms,
            Optimizer optimizer,
            Spending spending,
            PoissonSampler sampler,
            GaussianMechanism sumNoise,
            GaussianMechanism countNoise) {
        this.terms = terms;
        this.spending = requireNonNull(spending, "spending is null");
        this.optimizer = requireNonNull(optimizer, "optimizer is null");
        this.sampler = sampler;
        this.noise = sumNoise::addTo;
        this.countNoise = countNoise;
        clipper = new Clipper(terms.clipping(), gradients.groups());
        gradient = new NoisyGradient(gradients, clipper, terms.batch());
        rows = new int[terms.examples()];
    }

    /**
     * Ready for the first step.
     *
     * @param gradients of the examples, which are as many as the terms say
     * @param optimizer that leaves alone what is not trained, as {@link Optimizer#of(dev.tacita.core.learning.OptimizerSpec,
     *     dev.tacita.core.model.ParameterLayout)} does
     * @param spending where each step is entered
     * @throws IllegalArgumentException if nothing is trained
     */
    public static DpSgd of(PerExampleGradients.OfTask gradients, Terms terms, Optimizer optimizer, Spending spending) {
        int trained = NoisyGradient.trained(gradients);
        return new DpSgd(
                gradients,
                terms,
                optimizer,
                spending,
                PoissonSampler.of(terms.rate()),
                GaussianMechanism.of(sumMultiplier(terms), NoisyGradient.MARGIN, trained),
                GaussianMechanism.of(countMultiplier(terms), QuantileNorm.COUNT_SENSITIVITY, 1));
    }

    /**
     * Takes one step.
     *
     * @param parameters changed in place
     * @param factor of the optimizer's learning rate, at least 0
     * @throws InterruptedException if the thread is interrupted before the noise is used; the parameters are unchanged
     */
    public Step step(float[] parameters, double factor) throws InterruptedException {
        int drawn = sampler.draw(rows);
        gradient.collect(parameters, rows, drawn);
        spending.spend(terms.event());
        optimizer.step(parameters, gradient.release(noise), factor);
        clipper.adaptive().ifPresent(norm -> norm.follow(countNoise.release(clipper.centredCount()), terms.batch()));
        return new Step(drawn, clipper.notFinite());
    }

    /** The sensitivity of the coming step's sum. It may be published: adaptive norms come from noisy counts only. */
    public double sensitivity() {
        return clipper.sensitivity();
    }

    /** The standard deviation of the noise on each coordinate of the coming step's gradient. */
    public double standardDeviation() {
        return sumMultiplier(terms) * sensitivity() / terms.batch();
    }

    static double sumMultiplier(Terms terms) {
        return terms.clipping() instanceof Clipping.Quantile quantile
                ? QuantileNorm.sumMultiplier(terms.noiseMultiplier(), quantile)
                : terms.noiseMultiplier();
    }

    static double countMultiplier(Terms terms) {
        return terms.clipping() instanceof Clipping.Quantile quantile
                ? QuantileNorm.countMultiplier(quantile)
                : terms.noiseMultiplier();
    }
}
