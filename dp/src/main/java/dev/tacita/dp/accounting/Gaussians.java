package dev.tacita.dp.accounting;

import java.util.OptionalDouble;

/** Events that are as one Gaussian mechanism for the neighbours they can be judged for. */
final class Gaussians {
    private Gaussians() {}

    /** The noise multiplier of that mechanism; empty if the event is of another kind. */
    static OptionalDouble noiseMultiplier(Event event) {
        if (event instanceof Event.Gaussian gaussian) {
            return OptionalDouble.of(gaussian.noiseMultiplier());
        } else if (event instanceof Event.TreeAggregation tree) {
            return OptionalDouble.of(tree.noiseMultiplier() / Math.sqrt(tree.levels()));
        } else if (event instanceof Event.MatrixFactorization matrix) {
            return OptionalDouble.of(matrix.noiseMultiplier() / matrix.sensitivity());
        }
        return OptionalDouble.empty();
    }

    /**
     * The noise multiplier of all Gaussian mechanisms together that run on one sample; empty if there are others among them, infinite
     * if there are none.
     */
    static OptionalDouble sumNoiseMultiplier(Event event) {
        double precision = 0;
        for (Leaves.Leaf leaf : Leaves.of(event)) {
            if (!(leaf.event() instanceof Event.Gaussian gaussian)) {
                return OptionalDouble.empty();
            }
            precision += leaf.times() * precision(gaussian.noiseMultiplier());
        }
        return OptionalDouble.of(1 / Math.sqrt(precision));
    }

    /** 1 / (noise multiplier)^2, which adds up over steps. */
    static double precision(double noiseMultiplier) {
        return 1 / (noiseMultiplier * noiseMultiplier);
    }
}
