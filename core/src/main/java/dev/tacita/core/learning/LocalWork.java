package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;
import java.util.OptionalInt;

/** What a round asks of a site. */
public sealed interface LocalWork {
    /** The mean gradient over all training examples at the parameters received; nothing is trained. */
    record Gradient() implements LocalWork {
        /** What keeps a model from being trained by gradients alone; empty if nothing does. */
        public static List<Problem> problemsWith(ModelSpec model) {
            return model.mixingNodes().stream()
                    .map(node -> new Problem(
                            "node '" + node.id() + "'",
                            "with gradients alone the running statistics of a "
                                    + node.layer().name() + " would never move, and evaluation needs them.",
                            "Use " + node.layer().replacement() + " in its place, or train at the sites by fedavg."))
                    .toList();
        }
    }

    /**
     * Training from the parameters received; the update is new minus old parameters.
     *
     * @param optimizer how gradients become steps
     * @param extent how long
     * @param batchSize examples in a step, at least 1; empty means all training examples in one batch
     * @param schedule of the learning rate over the steps of this work
     * @param proximal mu of the pull (mu/2)||w - w0||^2 to the parameters received, which joins the loss (Li et al. 2020,
     *     FedProx, equation 2); at least 0, finite; 0 for none
     */
    record Train(
            OptimizerSpec optimizer,
            Extent extent,
            OptionalInt batchSize,
            LearningRateSchedule schedule,
            double proximal)
            implements LocalWork {
        public Train {
            requireNonNull(optimizer, "optimizer is null");
            requireNonNull(schedule, "schedule is null");
            requireNonNull(extent, "extent is null");
            if (batchSize.isPresent()) {
                Checks.atLeast("batch-size", batchSize.getAsInt(), 1);
            }
            Checks.notNegative("proximal", proximal);
        }

        /** Without a pull to the parameters received. */
        public Train(OptimizerSpec optimizer, Extent extent, OptionalInt batchSize, LearningRateSchedule schedule) {
            this(optimizer, extent, batchSize, schedule, 0);
        }

        /** At one learning rate. */
        public Train(OptimizerSpec optimizer, Extent extent, OptionalInt batchSize) {
            this(optimizer, extent, batchSize, LearningRateSchedule.CONSTANT);
        }

        /** The same at {@code factor} times the learning rate; {@code factor} above 0. */
        public Train scaled(double factor) {
            return new Train(
                    optimizer.withLearningRate(factor * optimizer.learningRate()),
                    extent,
                    batchSize,
                    schedule,
                    proximal);
        }

        /** The same with this pull to the parameters received. */
        public Train withProximal(double mu) {
            return new Train(optimizer, extent, batchSize, schedule, mu);
        }

        /** How many steps it takes on {@code examples} training examples, at least 1. */
        public long steps(int examples) {
            if (extent instanceof Extent.Steps steps) {
                return steps.count();
            }
            int batch = Math.min(examples, batchSize.orElse(examples));
            return ((Extent.Epochs) extent).count() * ((examples + (long) batch - 1) / batch);
        }
    }

    /** Metrics of the parameters received on the site's test rows; no update. */
    record Evaluate() implements LocalWork {}

    /** How long a site trains in one round. */
    sealed interface Extent {
        /**
         * Passes over the training examples; the last batch of a pass may be smaller.
         *
         * @param count at least 1
         */
        record Epochs(int count) implements Extent {
            public Epochs {
                Checks.atLeast("epochs", count, 1);
            }
        }

        /**
         * Optimizer steps, however many passes they take; a new pass starts in a new order.
         *
         * @param count at least 1
         */
        record Steps(int count) implements Extent {
            public Steps {
                Checks.atLeast("steps", count, 1);
            }
        }
    }
}
