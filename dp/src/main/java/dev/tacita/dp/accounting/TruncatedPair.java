package dev.tacita.dp.accounting;

import org.hipparchus.special.Beta;

/**
 * The worst pair of a truncated Poisson sample. Given that the other records' sample is full, the record, if it is kept, takes the place
 * of another one, so that the sum moves by two norms at most; given that it is not, the sample is an ordinary one. That other records fill the
 * sample has the same probability with and without the record, and the sample of them that is kept has the same distribution.
 */
final class TruncatedPair implements LossSource {
    private final double full;
    private final NoisePair replacing;
    private final NoisePair adding;

    /** For a rate above 0, a largest sample above 0 and a noise multiplier above 0. */
    TruncatedPair(Event.TruncatedSampledGaussian event) {
        long n = event.population();
        this.full = atLeast(event.largest(), n - 1, event.rate());
        double kept = full == 0 ? 0 : atLeast(event.largest() + 1, n, event.rate()) * event.largest() / (full * n);
        this.adding = NoisePair.sampled(Noise.NORMAL, event.rate(), 1 / event.noiseMultiplier());
        this.replacing =
                kept > 0 ? NoisePair.sampled(Noise.NORMAL, Math.min(1, kept), 2 / event.noiseMultiplier()) : adding;
    }

    @Override
    public LossCells cells(double step) {
        return full == 0 ? adding.cells(step) : replacing.cells(step).mixedWith(adding.cells(step), full);
    }

    @Override
    public double width() {
        return Math.max(adding.width(), replacing.width());
    }

    @Override
    public double largest() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public double infinite() {
        return 0;
    }

    @Override
    public boolean symmetric() {
        return false;
    }

    @Override
    public double mean(boolean turned) {
        return full * replacing.mean(turned) + (1 - full) * adding.mean(turned);
    }

    /** P(at least so many of n), each with this probability. */
    private static double atLeast(long count, long n, double rate) {
        if (count <= 0) {
            return 1;
        }
        return count > n ? 0 : Beta.regularizedBeta(rate, (double) count, n - count + 1.0);
    }
}
