package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * How much noise a run adds, and how what it reveals is counted.
 *
 * @param noise how much
 * @param delta at which epsilon is stated, between 0 and 1, both excluded
 * @param accounting who counts
 */
public record PrivacyTarget(Noise noise, double delta, Accounting accounting) {
    public PrivacyTarget {
        requireNonNull(noise, "noise is null");
        requireNonNull(accounting, "accounting is null");
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta must be > 0 and < 1; take less than one over the number of"
                    + " training rows. Provided value: " + delta);
        }
    }

    /** How much noise. */
    public sealed interface Noise {
        /**
         * So much for each step.
         *
         * @param value its standard deviation as a multiple of the clipping norm; above 0, finite
         */
        record Multiplier(double value) implements Noise {
            public Multiplier {
                Checks.positive("noise-multiplier", value);
            }
        }

        /**
         * As much as keeps the whole run, all rounds together, within a guarantee. Each site finds it for its own number of
         * rows.
         *
         * @param target above 0, finite
         */
        record Epsilon(double target) implements Noise {
            public Epsilon {
                Checks.positive("epsilon", target);
            }
        }
    }

    /** Which accountant counts what a run reveals. */
    public enum Accounting {
        /** Rényi differential privacy: holds also where later runs are chosen by what earlier ones showed. */
        RDP,
        /** Privacy loss distributions: tighter within a run. */
        PLD
    }
}
