package dev.tacita.dp.accounting;

import java.util.List;

/**
 * What a program revealed, as a tree: leaves are mechanisms, branches say how they were combined.
 *
 * <p>Noise is always given as a multiple of the sensitivity, and the sensitivity is that of the neighbouring relation the
 * accountant is asked for. An event is a claim about what was run; whether it is true is the business of whoever runs it.
 */
public sealed interface Event {
    /** Nothing was revealed. */
    record Nothing() implements Event {}

    /** The data were revealed: epsilon is infinite for every delta below 1. */
    record NonPrivate() implements Event {}

    /**
     * A sum of bounded Euclidean norm with normal noise on each coordinate.
     *
     * @param noiseMultiplier standard deviation / sensitivity in the Euclidean norm; 0 or more, 0 reveals the data
     */
    record Gaussian(double noiseMultiplier) implements Event {
        public Gaussian {
            Ranges.atLeastZero("The noise multiplier of a Gaussian event", noiseMultiplier);
        }
    }

    /**
     * A number, or a vector of bounded absolute sum, with Laplace noise on each coordinate.
     *
     * @param noiseMultiplier scale of the noise / sensitivity in the sum of absolute values; 0 or more, 0 reveals the data
     */
    record Laplace(double noiseMultiplier) implements Event {
        public Laplace {
            Ranges.atLeastZero("The noise multiplier of a Laplace event", noiseMultiplier);
        }
    }

    /**
     * A mechanism of which only its guarantee is known.
     *
     * @param epsilon 0 or more
     * @param delta from 0 to 1
     */
    record EpsilonDelta(double epsilon, double delta) implements Event {
        public EpsilonDelta {
            Ranges.atLeastZero("The epsilon of an event", epsilon);
            Ranges.fraction("The delta of an event", delta);
        }
    }

    /**
     * A mechanism of which only its concentrated guarantee is known (Bun and Steinke 2016, definition 1.1).
     *
     * @param rho 0 or more
     */
    record ZeroConcentrated(double rho) implements Event {
        public ZeroConcentrated {
            Ranges.atLeastZero("The rho of an event", rho);
        }
    }

    /**
     * A mechanism run on a sample that each record joins by its own coin.
     *
     * @param rate probability to be in the sample, from 0 to 1
     * @param event what is run on the sample
     */
    record PoissonSampled(double rate, Event event) implements Event {
        public PoissonSampled {
            Ranges.fraction("The rate of Poisson sampling", rate);
        }
    }

    /**
     * A mechanism run on a sample of fixed size, every such sample being equally likely.
     *
     * @param population records to draw from, 1 or more
     * @param sample records drawn, from 0 to the population
     * @param event what is run on the sample
     */
    record SampledWithoutReplacement(long population, long sample, Event event) implements Event {
        public SampledWithoutReplacement {
            if (population < 1) {
                throw new IllegalArgumentException(
                        "The population to sample from must have 1 record or more; it has " + population + ".");
            }
            if (sample < 0 || sample > population) {
                throw new IllegalArgumentException("A sample without replacement must have from 0 to " + population
                        + " records, as many as the population; it has " + sample + ".");
            }
        }

        /** The share of the population in a sample. */
        public double rate() {
            return (double) sample / population;
        }
    }

    /**
     * Several events on the same data, each of which may depend on what the earlier ones revealed.
     *
     * @param events in any order; none means that nothing was revealed
     */
    record Composed(List<Event> events) implements Event {
        public Composed {
            events = List.copyOf(events);
        }
    }

    /**
     * The same event many times.
     *
     * @param event what is repeated
     * @param times how often, 0 or more
     */
    record SelfComposed(Event event, long times) implements Event {
        public SelfComposed {
            if (times < 0) {
                throw new IllegalArgumentException("An event happens 0 times or more; here it is " + times + " times.");
            }
        }
    }

    /** Some events together, as {@link Composed}. */
    static Event of(Event... events) {
        return new Composed(List.of(events));
    }

    /** This event so many times, as {@link SelfComposed}; 0 or more. */
    default Event times(long times) {
        return new SelfComposed(this, times);
    }

    /** The event of training with DP-SGD: Poisson samples, each sum of clipped gradients with normal noise. */
    static Event dpSgd(double rate, double noiseMultiplier, long steps) {
        return new PoissonSampled(rate, new Gaussian(noiseMultiplier)).times(steps);
    }
}
