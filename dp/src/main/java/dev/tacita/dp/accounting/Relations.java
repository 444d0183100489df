package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.ZERO_OUT_ONE;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which neighbours an event can be judged for. */
final class Relations {
    private Relations() {}

    /** Why the event means nothing for such neighbours, or an empty text. */
    static String refusal(Event event, NeighbouringRelation relation) {
        if (event instanceof Event.PoissonSampled) {
            return unless(relation, "Poisson sampling", ADD_OR_REMOVE_ONE, ZERO_OUT_ONE);
        } else if (event instanceof Event.MixtureOfGaussians) {
            return unless(relation, "mixtures of Gaussians", ADD_OR_REMOVE_ONE, ZERO_OUT_ONE);
        } else if (event instanceof Event.TruncatedSampledGaussian) {
            return unless(relation, "truncated Poisson sampling", ADD_OR_REMOVE_ONE);
        } else if (event instanceof Event.SampledWithoutReplacement) {
            return unless(relation, "sampling without replacement", REPLACE_ONE);
        } else if (event instanceof Event.RandomizedResponse) {
            return unless(relation, "randomised response", REPLACE_ONE, ZERO_OUT_ONE);
        } else if (event instanceof Event.TreeAggregation) {
            return unless(relation, "tree aggregation", ZERO_OUT_ONE);
        } else if (event instanceof Event.MatrixFactorization) {
            return unless(relation, "matrix factorisation", ZERO_OUT_ONE);
        }
        return "";
    }

    private static String unless(NeighbouringRelation relation, String what, NeighbouringRelation... needed) {
        if (Set.of(needed).contains(relation)) {
            return "";
        }
        return "It takes " + what + " for neighbours that "
                + new TreeSet<>(Set.of(needed)).stream().map(Object::toString).collect(Collectors.joining(" or "))
                + " only.";
    }
}
