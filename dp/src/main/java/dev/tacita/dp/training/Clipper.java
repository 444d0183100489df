package dev.tacita.dp.training;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.PerExampleGradients.Group;
import dev.tacita.core.learning.ScalingRule;
import java.util.List;
import java.util.Optional;

/**
 * Bounds what each example adds to the sum of a step, and counts what it sees. A coefficient becomes a float; one that would
 * be too small to keep its digits could round up by half, so that its example adds nothing.
 */
final class Clipper implements ScalingRule {
    private final Clipping clipping;
    private final Optional<QuantileNorm> adaptive;
    private final double[] norms;
    private int seen;
    private int within;
    private int notFinite;

    Clipper(Clipping clipping, List<Group> groups) {
        this.clipping = clipping;
        adaptive = clipping instanceof Clipping.Quantile quantile
                ? Optional.of(new QuantileNorm(quantile))
                : Optional.empty();
        norms = clipping instanceof Clipping.PerLayer layers
                ? groups.stream().mapToDouble(group -> layers.of(group.node())).toArray()
                : new double[0];
    }

    /** The largest Euclidean norm of what one example adds in the coming step. */
    double sensitivity() {
        if (clipping instanceof Clipping.Flat flat) {
            return flat.norm();
        } else if (clipping instanceof Clipping.PerLayer) {
            double squares = 0;
            for (double norm : norms) {
                squares += norm * norm;
            }
            return Math.sqrt(squares);
        } else if (clipping instanceof Clipping.Automatic) {
            return 1;
        }
        return adaptive.orElseThrow().norm();
    }

    Optional<QuantileNorm> adaptive() {
        return adaptive;
    }

    void begin() {
        seen = 0;
        within = 0;
        notFinite = 0;
    }

    /** How many examples of the step have a gradient that is not finite. */
    int notFinite() {
        return notFinite;
    }

    /** How many are within an adaptive norm, each counted as 1/2, and as -1/2 if it is not. */
    double centredCount() {
        return within - seen / 2.0;
    }

    @Override
    public void scale(ExampleNorms examples) {
        for (int i = 0; i < examples.count(); i++) {
            seen++;
            double norm = examples.norm(i);
            if (!Double.isFinite(norm)) {
                notFinite++;
            } else if (clipping instanceof Clipping.PerLayer) {
                for (int group = 0; group < norms.length; group++) {
                    examples.scale(i, group, exact(within(examples.norm(i, group), norms[group])));
                }
            } else if (clipping instanceof Clipping.Automatic automatic) {
                examples.scale(i, exact(1 / (norm + automatic.stability())));
            } else {
                double bound = sensitivity();
                within += norm <= bound ? 1 : 0;
                examples.scale(i, exact(within(norm, bound)));
            }
        }
    }

    private static double within(double norm, double bound) {
        return norm <= bound ? 1 : bound / norm;
    }

    private static double exact(double coefficient) {
        return coefficient < Float.MIN_NORMAL ? 0 : coefficient;
    }
}
