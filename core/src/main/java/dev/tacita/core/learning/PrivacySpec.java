package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;
import java.util.Optional;

/** Whose data a run's noise hides, and from whom. */
public sealed interface PrivacySpec {
    /** Against what it protects a site. */
    PrivacyLevel level();

    /** What keeps such a model from being trained so; empty if nothing does. */
    List<Problem> problemsWith(ModelSpec model, Loss loss);

    /** How much noise; empty if there is none. */
    default Optional<PrivacyTarget> terms() {
        if (this instanceof Examples examples) {
            return Optional.of(examples.target());
        } else if (this instanceof Site site) {
            return Optional.of(site.target());
        }
        return this instanceof Federation federation ? Optional.of(federation.target()) : Optional.empty();
    }

    /** How many examples a contribution counts for in the mean; {@code examples} of them are behind it. */
    default long weight(long examples) {
        return 1;
    }

    /** No noise: nothing is promised about what updates reveal. */
    record None() implements PrivacySpec {
        @Override
        public PrivacyLevel level() {
            return PrivacyLevel.NONE;
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            return List.of();
        }

        @Override
        public long weight(long examples) {
            return examples;
        }
    }

    /**
     * Each site trains by DP-SGD (Abadi et al. 2016, algorithm 1): what leaves it hides each single training row, from the
     * aggregator too. Neighbours add or remove one row of one site. The number of rows is not hidden.
     *
     * @param clipping of the gradient of each example
     * @param target noise of each step, as a multiple of the clipping norm
     */
    record Examples(Clipping clipping, PrivacyTarget target) implements PrivacySpec {
        public Examples {
            requireNonNull(clipping, "clipping is null");
            requireNonNull(target, "target is null");
        }

        @Override
        public PrivacyLevel level() {
            return PrivacyLevel.EXAMPLES;
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            return PerExampleGradients.mixing(model, loss);
        }

        @Override
        public long weight(long examples) {
            return examples;
        }
    }

    /**
     * Each site clips its update and adds noise before it leaves: local differential privacy of a site. What leaves it hides
     * what all its training rows are, from the aggregator too. Neighbours replace all training rows of one site; so two
     * updates are at most twice the clipping norm apart. All sites count the same.
     *
     * @param clip the Euclidean norm to which an update is clipped; above 0, finite
     * @param target noise of each round, as a multiple of the clipping norm
     */
    record Site(double clip, PrivacyTarget target) implements PrivacySpec {
        public Site {
            Checks.positive("clip", clip);
            requireNonNull(target, "target is null");
        }

        @Override
        public PrivacyLevel level() {
            return PrivacyLevel.SITE;
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            return noisyStatistics(model);
        }
    }

    /**
     * Sites clip their updates and the aggregator adds noise to their sum, then divides by the number of sites that it asked
     * (McMahan et al. 2018, "Learning differentially private recurrent language models", algorithm 1, with the cohort
     * known to all, so that nothing is gained by sampling it). The model hides what all training rows of a site are, from
     * everybody but the aggregator. Neighbours replace all training rows of one site; so two sums are at most twice the
     * clipping norm apart. All sites count the same. Under secure aggregation the sites add the noise in shares, and the sum hides
     * the same from the aggregator too.
     *
     * @param clip the Euclidean norm to which an update is clipped; above 0, finite
     * @param target noise of each round's sum, as a multiple of the clipping norm
     */
    record Federation(double clip, PrivacyTarget target) implements PrivacySpec {
        public Federation {
            Checks.positive("clip", clip);
            requireNonNull(target, "target is null");
        }

        @Override
        public PrivacyLevel level() {
            return PrivacyLevel.FEDERATION;
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            return noisyStatistics(model);
        }
    }

    private static List<Problem> noisyStatistics(ModelSpec model) {
        return model.mixingNodes().stream()
                .map(node -> new Problem(
                        "node '" + node.id() + "'",
                        "noise can make a variance negative, and a "
                                + node.layer().name() + " keeps running ones among its parameters.",
                        "Use " + node.layer().replacement() + " in its place."))
                .toList();
    }
}
