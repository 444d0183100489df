package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How what one member of a data set (an example, a client) adds to a sum is bounded in the Euclidean norm. The bound is the
 * sensitivity that noise is made for. What is not finite adds zero.
 */
public sealed interface Clipping {
    /**
     * Scaled by min(1, norm / its norm) (Abadi et al. 2016, algorithm 1).
     *
     * @param norm above 0, finite
     */
    record Flat(double norm) implements Clipping {
        public Flat {
            Checks.positive("clipping norm", norm);
        }
    }

    /**
     * The part of each layer is scaled by min(1, its layer's norm / its norm) (McMahan et al. 2018, "Learning
     * differentially private recurrent language models", sec. 2.3). The whole is bounded by the root of the sum of the
     * squared norms, over all layers that are trained.
     *
     * @param norm of each layer that is not named in {@code norms}; above 0, finite
     * @param norms of single layers by the id of their node, each above 0, finite
     */
    record PerLayer(double norm, SortedMap<String, Double> norms) implements Clipping {
        public PerLayer {
            Checks.positive("clipping norm", norm);
            norms = Collections.unmodifiableSortedMap(new TreeMap<>(norms));
            norms.forEach((node, value) -> Checks.positive("clipping norm of node '" + node + "'", value));
        }

        /** With the same norm for every layer. */
        public PerLayer(double norm) {
            this(norm, new TreeMap<>());
        }

        /** The norm of the layer of this node. */
        public double of(String node) {
            Double own = norms.get(node);
            return own == null ? norm : own;
        }
    }

    /**
     * Scaled by 1 / (its norm + stability), however small it is, so that its norm stays below 1 and no norm has to be
     * chosen (Bu et al. 2023, "Automatic clipping", AUTO-S).
     *
     * @param stability at least 1e-12, finite; small ones turn small gradients into large ones. The paper uses 0.01
     */
    record Automatic(double stability) implements Clipping {
        public Automatic {
            Checks.positive("stability", stability);
            if (stability < 1e-12) {
                throw new IllegalArgumentException("stability must be >= 1e-12. Provided value: " + stability);
            }
        }
    }

    /**
     * Scaled as {@link Flat}, by a norm that follows a quantile of the norms from step to step. How many were within the
     * norm is noised too, and each step's noise on the sum is a little larger for it, so that both together cost what the
     * noise multiplier says (Andrew et al. 2021, "Differentially private learning with adaptive clipping", algorithm 1).
     *
     * @param initialNorm of the first step; above 0, or with {@link Update#ARITHMETIC} at least 0; finite
     * @param quantile the fraction of norms that the norm is to be above, from 0 to 1; the paper uses 0.5
     * @param learningRate of the norm; above 0, finite; the paper uses 0.2
     * @param countDeviation standard deviation of the noise on the number of those within the norm, above half the noise
     *     multiplier, finite; the paper uses a twentieth of the expected number of members in a step
     * @param update how a step changes the norm; the paper uses {@link Update#GEOMETRIC}
     */
    record Quantile(double initialNorm, double quantile, double learningRate, double countDeviation, Update update)
            implements Clipping {
        public Quantile {
            requireNonNull(update, "update is null");
            if (update == Update.GEOMETRIC) {
                Checks.positive("initial clipping norm", initialNorm);
            } else {
                Checks.notNegative("initial clipping norm", initialNorm);
            }
            if (!(quantile >= 0 && quantile <= 1)) {
                throw new IllegalArgumentException(
                        "the quantile of norms must be >= 0 and <= 1. Provided value: " + quantile);
            }
            Checks.positive("learning rate of the clipping norm", learningRate);
            Checks.positive("count-deviation", countDeviation);
        }
    }

    /** How an adaptive norm changes, where b is the noisy fraction of those within it. */
    enum Update {
        /** norm * exp(-learningRate * (b - quantile)). */
        GEOMETRIC,
        /** max(0, norm - learningRate * (b - quantile)); at 0 nothing but zeros is summed. */
        ARITHMETIC
    }
}
