package dev.tacita.dp.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The mechanisms of an event as pairs of distributions, all Gaussian ones as a single one: what accountants of privacy losses start from.
 *
 * @param parts each with how often it runs
 * @param revealsAll true if a part reveals the data, so that the others do not matter
 */
record LossSources(List<Part> parts, boolean revealsAll) {
    /** A mechanism and how often it runs. */
    record Part(LossSource source, long times) {}

    /**
     * The sources of an event.
     *
     * @throws UnsupportedEventException naming each part that is not known by its worst pair of neighbours
     */
    static LossSources of(Event event, Accountant accountant) {
        List<Part> parts = new ArrayList<>();
        boolean[] revealsAll = {false};
        double[] precision = {0};
        boolean zeroedOut = accountant.relation() == NeighbouringRelation.ZERO_OUT_ONE;
        Leaves.forEach(event, accountant, (leaf, times) -> {
            OptionalDouble gaussian = Gaussians.noiseMultiplier(leaf);
            if (revealsAll(leaf)) {
                revealsAll[0] = true;
            } else if (gaussian.isPresent()) {
                precision[0] += times * Gaussians.precision(gaussian.getAsDouble());
            } else {
                Optional<LossSource> source = source(leaf, zeroedOut);
                if (source.isEmpty()) {
                    return refusal(leaf);
                }
                parts.add(new Part(source.get(), times));
            }
            return "";
        });
        if (precision[0] > 0) {
            parts.add(0, new Part(NoisePair.sampled(Noise.NORMAL, 1, Math.sqrt(precision[0])), 1));
        }
        return new LossSources(List.copyOf(parts), revealsAll[0]);
    }

    /** How many mechanisms run. */
    long times() {
        return parts.stream().mapToLong(Part::times).sum();
    }

    /** The probability that some mechanism has an infinite loss, at most. */
    double infinite() {
        double logFinite = 0;
        for (Part part : parts) {
            logFinite += part.times * Math.log1p(-part.source.infinite());
        }
        return revealsAll ? 1 : Math.abs(Math.expm1(logFinite));
    }

    /** No finite loss is above. */
    double largest() {
        double sum = revealsAll ? Double.POSITIVE_INFINITY : 0;
        for (Part part : parts) {
            sum += part.times * part.source.largest();
        }
        return sum;
    }

    /** True if there is nothing to compose. */
    boolean trivial() {
        return revealsAll || parts.isEmpty();
    }

    /** True if both directions have the same losses. */
    boolean symmetric() {
        return parts.stream().allMatch(part -> part.source.symmetric());
    }

    private static Optional<LossSource> source(Event event, boolean zeroedOut) {
        if (event instanceof Event.Laplace laplace) {
            return Optional.of(NoisePair.sampled(Noise.LAPLACE, 1, 1 / laplace.noiseMultiplier()));
        } else if (event instanceof Event.EpsilonDelta guarantee) {
            return Optional.of(Outcomes.of(guarantee));
        } else if (event instanceof Event.ExponentialChoice choice) {
            return Optional.of(Outcomes.of(new Event.EpsilonDelta(choice.epsilon(), 0)));
        } else if (event instanceof Event.PermuteAndFlipChoice choice) {
            return Optional.of(Outcomes.of(new Event.EpsilonDelta(choice.epsilon(), 0)));
        } else if (event instanceof Event.RandomizedResponse response) {
            return Optional.of(Outcomes.of(response, zeroedOut));
        } else if (event instanceof Event.DiscreteLaplace laplace) {
            return Optional.of(Outcomes.of(laplace));
        } else if (event instanceof Event.DiscreteGaussian gaussian && Outcomes.isFew(gaussian)) {
            return Optional.of(Outcomes.of(gaussian));
        } else if (event instanceof Event.TruncatedSampledGaussian truncated) {
            return Optional.of(new TruncatedPair(truncated));
        } else if (event instanceof Event.MixtureOfGaussians mixture) {
            double[] places = new double[mixture.places().size()];
            double[] weights = new double[places.length];
            for (int i = 0; i < places.length; i++) {
                places[i] = mixture.places().get(i) / mixture.sigma();
                weights[i] = mixture.probabilities().get(i);
            }
            return Optional.of(new NoisePair(Noise.NORMAL, places, weights));
        } else if (event instanceof Event.PoissonSampled sampled && sampled.event() instanceof Event.Laplace laplace) {
            return Optional.of(NoisePair.sampled(Noise.LAPLACE, sampled.rate(), 1 / laplace.noiseMultiplier()));
        } else if (event instanceof Event.PoissonSampled sampled) {
            return Gaussians.sumNoiseMultiplier(sampled.event()).isPresent()
                    ? Optional.of(NoisePair.sampled(
                            Noise.NORMAL,
                            sampled.rate(),
                            1 / Gaussians.sumNoiseMultiplier(sampled.event()).getAsDouble()))
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static String refusal(Event event) {
        if (event instanceof Event.PoissonSampled sampled) {
            return "Of Poisson-sampled events it takes Gaussian ones and the Laplace one, not " + sampled.event() + ".";
        } else if (event instanceof Event.DiscreteGaussian) {
            return "It takes discrete Gaussian events of a sigma and a sensitivity up to 100000, not " + event + ".";
        }
        return "It takes mechanisms that are known by their worst pair of neighbours, not " + event + ".";
    }

    private static boolean revealsAll(Event event) {
        return event instanceof Event.NonPrivate
                || (event instanceof Event.Laplace laplace && laplace.noiseMultiplier() == 0)
                || (event instanceof Event.DiscreteGaussian gaussian && gaussian.sigma() == 0)
                || (event instanceof Event.RandomizedResponse response && response.noise() == 0)
                || (event instanceof Event.MixtureOfGaussians mixture && mixture.sigma() == 0)
                || (event instanceof Event.TruncatedSampledGaussian cut && cut.noiseMultiplier() == 0)
                || (event instanceof Event.PoissonSampled sampled && revealsAll(sampled.event()))
                || Gaussians.noiseMultiplier(event).orElse(1) == 0;
    }
}
