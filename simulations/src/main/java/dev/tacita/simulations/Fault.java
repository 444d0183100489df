package dev.tacita.simulations;

/** What is wrong with an honest site. */
public sealed interface Fault {
    /** The name that studies use, such as {@code drop-out}. */
    String name();

    /**
     * It does not answer some of the rounds that ask it; each is drawn by itself.
     *
     * @param probability above 0, at most 1
     */
    record DropOut(double probability) implements Fault {
        public DropOut {
            if (!(probability > 0 && probability <= 1)) {
                throw new IllegalArgumentException("probability must be > 0 and <= 1. Provided value: " + probability);
            }
        }

        @Override
        public String name() {
            return "drop-out";
        }
    }

    /**
     * Its training and its link take longer on the {@link VirtualClock}.
     *
     * @param factor how many times as long, at least 1, finite
     */
    record Straggling(double factor) implements Fault {
        public Straggling {
            if (!(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("factor must be >= 1 and finite. Provided value: " + factor);
            }
        }

        @Override
        public String name() {
            return "straggling";
        }
    }
}
