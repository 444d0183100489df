package dev.tacita.dp.mechanism;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Guarantee: each record is in a sample with the stated probability or by less than 2^-64 less, independently of every
 * other record, of every other sample and of the data, so that accounting for Poisson sampling with this rate is right.
 * The sample must stay secret.
 *
 * <p>Random bits: AES-128-CTR, keyed by {@link java.security.SecureRandom}. Threads may share a sampler.
 */
public final class PoissonSampler {
    private final double rate;
    private final boolean everyone;
    private final long threshold;
    private final RandomBits bits;

    private PoissonSampler(double rate, RandomBits bits) {
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate must be > 0 and <= 1. Provided value: " + rate);
        }
        this.rate = rate;
        this.bits = bits;
        everyone = rate == 1;
        threshold = new BigDecimal(rate)
                .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(Long.SIZE)))
                .toBigInteger()
                .longValue();
    }

    /** A sampler of which each record joins a sample with probability {@code rate}, above 0, at most 1. */
    public static PoissonSampler of(double rate) {
        return new PoissonSampler(rate, RandomBits.secure());
    }

    static PoissonSampler of(double rate, RandomBits bits) {
        return new PoissonSampler(rate, bits);
    }

    /** The probability of a record to be in a sample. */
    public double rate() {
        return rate;
    }

    /**
     * Draws a sample, which can be empty.
     *
     * @param rows written: the indexes of the records drawn, ascending, from 0 to {@code rows.length - 1}; what is behind
     *     them means nothing. Its length is the number of records
     * @return how many were drawn
     */
    public int draw(int[] rows) {
        int drawn = 0;
        synchronized (bits) {
            for (int row = 0; row < rows.length; row++) {
                if (everyone || Long.compareUnsigned(bits.nextLong(), threshold) < 0) {
                    rows[drawn++] = row;
                }
            }
        }
        return drawn;
    }
}
