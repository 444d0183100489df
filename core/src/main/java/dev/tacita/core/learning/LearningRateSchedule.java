package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/** How the learning rate changes over steps of an optimizer, or over the rounds of a run. */
public sealed interface LearningRateSchedule {
    /** The same rate always. */
    LearningRateSchedule CONSTANT = new Constant();

    /** What the learning rate is multiplied by at {@code step}, counted from 0; at least 0. */
    double factor(long step);

    /** 1. */
    record Constant() implements LearningRateSchedule {
        @Override
        public double factor(long step) {
            return 1;
        }
    }

    /**
     * decay^floor(step / every).
     *
     * @param every at least 1
     * @param decay above 0, at most 1
     */
    record Staircase(int every, double decay) implements LearningRateSchedule {
        public Staircase {
            Checks.atLeast("every", every, 1);
            Checks.positiveFraction("decay", decay);
        }

        @Override
        public double factor(long step) {
            return Math.pow(decay, Math.floor((double) step / every));
        }
    }

    /**
     * decay^step.
     *
     * @param decay above 0, at most 1
     */
    record Exponential(double decay) implements LearningRateSchedule {
        public Exponential {
            Checks.positiveFraction("decay", decay);
        }

        @Override
        public double factor(long step) {
            return Math.pow(decay, (double) step);
        }
    }

    /**
     * Half a cosine from 1 down to {@code least} over {@code length} steps, then {@code least} (Loshchilov and Hutter 2017,
     * eq. 5, without restarts).
     *
     * @param length at least 1
     * @param least at least 0, below 1
     */
    record Cosine(int length, double least) implements LearningRateSchedule {
        public Cosine {
            Checks.atLeast("length", length, 1);
            Checks.fraction("least", least);
        }

        @Override
        public double factor(long step) {
            double part = Math.min(1, (double) step / length);
            return least + (1 - least) * (1 + Math.cos(Math.PI * part)) / 2;
        }
    }

    /**
     * A straight line up to 1 over the first {@code length} steps, 1 / length first; then another schedule from its
     * beginning.
     *
     * @param length at least 1
     */
    record Warmup(int length, LearningRateSchedule then) implements LearningRateSchedule {
        public Warmup {
            Checks.atLeast("length", length, 1);
            requireNonNull(then, "then is null");
        }

        @Override
        public double factor(long step) {
            return step < length ? (step + 1.0) / length : then.factor(step - length);
        }
    }
}
