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
     * An integer, or a vector of integers of bounded absolute sum, with discrete Laplace noise on each: k with probability
     * proportional to exp(-epsilon |k| / sensitivity).
     *
     * @param epsilon above 0: what one release costs
     * @param sensitivity in the sum of absolute values, 1 or more
     */
    record DiscreteLaplace(double epsilon, long sensitivity) implements Event {
        public DiscreteLaplace {
            Ranges.aboveZero("The epsilon of a discrete Laplace event", epsilon);
            Ranges.atLeastOne("The sensitivity of a discrete Laplace event", sensitivity);
        }
    }

    /**
     * One integer with discrete Gaussian noise: k with probability proportional to exp(-k^2 / (2 sigma^2)). A vector is {@link
     * ZeroConcentrated} with rho = sensitivity^2 / (2 sigma^2), the sensitivity in the Euclidean norm.
     *
     * @param sigma 0 or more, in the unit of the integers; 0 reveals the data
     * @param sensitivity the most by which the integer changes, 1 or more
     */
    record DiscreteGaussian(double sigma, long sensitivity) implements Event {
        public DiscreteGaussian {
            Ranges.atLeastZero("The sigma of a discrete Gaussian event", sigma);
            Ranges.atLeastOne("The sensitivity of a discrete Gaussian event", sensitivity);
        }
    }

    /**
     * An answer of one record, which with the probability {@code noise} is drawn uniformly from all choices, and else is the
     * true one. A record that was zeroed out answers uniformly.
     *
     * @param noise from 0 to 1; 0 reveals the answer
     * @param choices how many answers there are, 1 or more
     */
    record RandomizedResponse(double noise, int choices) implements Event {
        public RandomizedResponse {
            Ranges.fraction("The noise of a randomised response", noise);
            Ranges.atLeastOne("The number of choices of a randomised response", choices);
        }

        /** The response in which the true answer is exp(epsilon) times as likely as each other one; epsilon of 0 or more. */
        public static RandomizedResponse of(double epsilon, int choices) {
            Ranges.atLeastZero("The epsilon of a randomised response", epsilon);
            return new RandomizedResponse(choices / (Math.expm1(epsilon) + choices), choices);
        }
    }

    /**
     * A choice by the exponential mechanism: a candidate of score q with probability proportional to exp(epsilon q / (2 sensitivity)).
     *
     * @param epsilon 0 or more: what one choice costs
     */
    record ExponentialChoice(double epsilon) implements Event {
        public ExponentialChoice {
            Ranges.atLeastZero("The epsilon of an exponential choice", epsilon);
        }
    }

    /**
     * A choice by permute-and-flip.
     *
     * @param epsilon 0 or more: what one choice costs
     */
    record PermuteAndFlipChoice(double epsilon) implements Event {
        public PermuteAndFlipChoice {
            Ranges.atLeastZero("The epsilon of a permute-and-flip choice", epsilon);
        }
    }

    /**
     * Normal noise around 0 without the record, and around a random place with it (Choquette-Choo et al. 2023).
     *
     * @param sigma standard deviation of the noise, 0 or more; 0 reveals the data
     * @param places how far the record moves the sum, each 0 or more
     * @param probabilities of each place; their sum is 1
     */
    record MixtureOfGaussians(double sigma, List<Double> places, List<Double> probabilities) implements Event {
        public MixtureOfGaussians {
            Ranges.atLeastZero("The sigma of a mixture of Gaussians", sigma);
            places = List.copyOf(places);
            probabilities = List.copyOf(probabilities);
            if (places.isEmpty() || places.size() != probabilities.size()) {
                throw new IllegalArgumentException(
                        "A mixture of Gaussians must have a probability for each place; it has " + places.size()
                                + " places and " + probabilities.size() + " probabilities.");
            }
            places.forEach(place -> Ranges.atLeastZero("Each place of a mixture of Gaussians", place));
            probabilities.forEach(each -> Ranges.fraction("Each probability of a mixture of Gaussians", each));
            double sum = probabilities.stream().mapToDouble(Double::doubleValue).sum();
            if (!(Math.abs(sum - 1) < 1e-9)) {
                throw new IllegalArgumentException(
                        "The probabilities of a mixture of Gaussians must add up to 1; their sum is " + sum + ".");
            }
        }

        /** The largest place that has a probability. */
        public double furthest() {
            double furthest = 0;
            for (int i = 0; i < places.size(); i++) {
                furthest = Math.max(furthest, probabilities.get(i) > 0 ? places.get(i) : 0);
            }
            return furthest;
        }
    }

    /**
     * A sum with normal noise over a Poisson sample of which, if it is too large, a random part of the given size is kept.
     *
     * @param population records to draw from, the larger of two neighbouring data sets; 1 or more
     * @param rate probability to be in the sample, from 0 to 1
     * @param largest the most records that are kept, 0 or more
     * @param noiseMultiplier standard deviation / largest Euclidean norm of what one record adds; 0 or more, 0 reveals the data
     */
    record TruncatedSampledGaussian(long population, double rate, long largest, double noiseMultiplier)
            implements Event {
        public TruncatedSampledGaussian {
            Ranges.atLeastOne("The population of a truncated sample", population);
            Ranges.fraction("The rate of a truncated sample", rate);
            if (largest < 0) {
                throw new IllegalArgumentException(
                        "A truncated sample must keep 0 records or more; here it is " + largest + ".");
            }
            Ranges.atLeastZero("The noise multiplier of a truncated sampled Gaussian event", noiseMultiplier);
        }
    }

    /**
     * Running sums released through binary trees with normal noise at each node (Kairouz et al. 2021, DP-FTRL). A record is in one step
     * of one of the trees at most; trees that each record can be in once more are further events.
     *
     * @param noiseMultiplier standard deviation at a node / largest Euclidean norm of what one record adds; 0 or more, 0 reveals
     *     the data
     * @param steps how many steps each tree has, each 1 or more
     */
    record TreeAggregation(double noiseMultiplier, List<Long> steps) implements Event {
        public TreeAggregation {
            Ranges.atLeastZero("The noise multiplier of a tree aggregation", noiseMultiplier);
            steps = List.copyOf(steps);
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("A tree aggregation must have at least one tree.");
            }
            steps.forEach(count -> Ranges.atLeastOne("The steps of each tree", count));
        }

        /** The levels of the highest tree: so many nodes, at most, have a record in their sum. */
        public int levels() {
            return Long.SIZE
                    - Long.numberOfLeadingZeros(
                            steps.stream().mapToLong(Long::longValue).max().orElseThrow());
        }
    }

    /**
     * Running sums with noise that is correlated over steps (DP-FTRL by matrix factorisation, which trees are a case of): what is
     * released follows from C x + z, where row t of x is the sum of step t, C is the strategy and z is normal noise.
     *
     * @param noiseMultiplier standard deviation of z / largest Euclidean norm of what one record adds; 0 or more, 0 reveals the data
     * @param sensitivity largest Euclidean norm of what one record of norm 1 adds to C x over all steps it can be in, above 0; see {@link
     *     StrategySensitivity}
     */
    record MatrixFactorization(double noiseMultiplier, double sensitivity) implements Event {
        public MatrixFactorization {
            Ranges.atLeastZero("The noise multiplier of a matrix factorisation", noiseMultiplier);
            Ranges.aboveZero("The sensitivity of a matrix factorisation", sensitivity);
        }
    }

    /**
     * A mechanism run a random number of times, of which only the best outcome is released (Papernot and Steinke 2022).
     *
     * @param event what one run reveals
     * @param mean expected number of runs, 1 or more
     * @param shape of the number of runs: infinite is Poisson, 1 geometric, 0 logarithmic, others truncated negative binomial; 0 or
     *     more
     */
    record RepeatAndSelect(Event event, double mean, double shape) implements Event {
        public RepeatAndSelect {
            if (!(mean >= 1) || mean == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "The mean number of runs to select from must be a finite number of 1 or more; it is " + mean
                                + ".");
            }
            if (!(shape >= 0)) {
                throw new IllegalArgumentException(
                        "The shape of the number of runs must be 0 or more, or infinite; it is " + shape + ".");
            }
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
