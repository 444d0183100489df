package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;

/**
 * Guarantee: releasing {@code values + noise} satisfies rho-zero-concentrated differential privacy with rho = 1 / (2
 * noiseMultiplier^2), whichever neighbouring relation the sensitivity was found for: {@code sensitivity} is the largest
 * Euclidean distance between the vectors of two neighbouring data sets (add or remove one: the clipping norm; replace
 * one: twice that). Each call is one such release.
 *
 * <p>Why it holds on a computer: let g be {@link #grid}, a power of two, 2^-30 to 2^-31 of the noise. Every value is
 * rounded to the nearest multiple of g (and cut off at 2^61 g, over a billion times the noise), which moves two
 * neighbours apart by at most g sqrt(dimension); the noise is made for a sensitivity that is larger by that much.
 * Integer noise from the discrete Gaussian is added to the integer multiples, exactly: the multivariate theorem of
 * Canonne, Kamath and Steinke 2020. What leaves is a function of that integer only, so the low bits say nothing about
 * the value (Mironov 2012, "On significance of the least significant bits"). The sampler differs from the discrete
 * Gaussian by less than 2^-107 in total variation for a coordinate ({@link GaussianTable}), and the discrete Gaussian
 * from one rounded to the grid by a factor of less than exp(2^-54) at every point it can give, so that accounting for a
 * continuous Gaussian mechanism with this noise multiplier, subsampled too, is right.
 *
 * <p>Random bits: AES-128-CTR, keyed by {@link java.security.SecureRandom}. Threads may share a mechanism; one draws at
 * a time. How long a call takes is not protected.
 */
public final class GaussianMechanism {
    /** The largest noise multiplier that is taken. */
    public static final double LARGEST_NOISE_MULTIPLIER = 10_000;

    private static final int GRID_BITS = 30;
    private static final double LARGEST_MULTIPLE = 0x1p61;

    private final double noiseMultiplier;
    private final double sensitivity;
    private final int dimension;
    private final double grid;
    private final double multiples;
    private final GaussianTable table;
    private final RandomBits bits;

    private GaussianMechanism(double noiseMultiplier, double sensitivity, int dimension, RandomBits bits) {
        if (!(noiseMultiplier >= 0x1p-100 && noiseMultiplier <= LARGEST_NOISE_MULTIPLIER)) {
            throw new IllegalArgumentException("noiseMultiplier must be > 0 (from 2^-100) and <= "
                    + LARGEST_NOISE_MULTIPLIER + ". Provided value: " + noiseMultiplier);
        }
        Checks.positive("sensitivity", sensitivity);
        Checks.atLeast("dimension", dimension, 1);
        this.noiseMultiplier = noiseMultiplier;
        this.sensitivity = sensitivity;
        this.dimension = dimension;
        this.bits = bits;
        int exponent = Math.getExponent(noiseMultiplier * sensitivity) - GRID_BITS;
        if (scale(exponent) >= GaussianTable.BOUND_OF_SCALE) {
            exponent++;
        }
        this.grid = Math.scalb(1.0, exponent);
        this.multiples = Math.scalb(1.0, -exponent);
        this.table = new GaussianTable(scale(exponent));
    }

    /**
     * A mechanism for vectors of {@code dimension} values whose neighbours are at most {@code sensitivity} apart.
     *
     * @param noiseMultiplier standard deviation of the noise as a multiple of the sensitivity; > 0, at most {@value
     *     #LARGEST_NOISE_MULTIPLIER}
     * @param sensitivity Euclidean distance, > 0
     * @param dimension values in one release, >= 1
     */
    public static GaussianMechanism of(double noiseMultiplier, double sensitivity, int dimension) {
        return new GaussianMechanism(noiseMultiplier, sensitivity, dimension, RandomBits.secure());
    }

    static GaussianMechanism of(double noiseMultiplier, double sensitivity, int dimension, RandomBits bits) {
        return new GaussianMechanism(noiseMultiplier, sensitivity, dimension, bits);
    }

    /** What one release reveals, for an accountant. */
    public Event event() {
        return new Event.Gaussian(noiseMultiplier);
    }

    /** Standard deviation of the noise as a multiple of the sensitivity: what an accountant asks for. */
    public double noiseMultiplier() {
        return noiseMultiplier;
    }

    /** The sensitivity that was stated. */
    public double sensitivity() {
        return sensitivity;
    }

    /** Values in one release. */
    public int dimension() {
        return dimension;
    }

    /** rho of zero-concentrated differential privacy of one release. */
    public double rho() {
        return 1 / (2 * noiseMultiplier * noiseMultiplier);
    }

    /** Every released double is a multiple of this power of two, up to its own rounding. */
    public double grid() {
        return grid;
    }

    /** The standard deviation of the noise; a little above noiseMultiplier * sensitivity, for the rounding. */
    public double standardDeviation() {
        return scale(Math.getExponent(grid)) * grid;
    }

    /**
     * Replaces every value by its noisy one: one release of the whole vector.
     *
     * @throws IllegalArgumentException if the length is not the dimension or a value is not finite; nothing is changed
     *     then
     */
    public void addTo(float[] values) {
        Checks.length("values", values.length, dimension);
        Checks.allFinite("values", values);
        synchronized (bits) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) noisy(values[i]);
            }
        }
    }

    /** As {@link #addTo(float[])}, in double precision. */
    public void addTo(double[] values) {
        Checks.length("values", values.length, dimension);
        Checks.allFinite("values", values);
        synchronized (bits) {
            for (int i = 0; i < values.length; i++) {
                values[i] = noisy(values[i]);
            }
        }
    }

    /**
     * The noisy value; for mechanisms of dimension 1.
     *
     * @throws IllegalArgumentException if the dimension is not 1 or the value is not finite
     */
    public double release(double value) {
        double[] values = {value};
        addTo(values);
        return values[0];
    }

    private double noisy(double value) {
        double multiple = Math.rint(value * multiples);
        long limited = (long) Math.max(-LARGEST_MULTIPLE, Math.min(LARGEST_MULTIPLE, multiple));
        return (limited + table.draw(bits)) * grid;
    }

    private double scale(int exponent) {
        double exact = noiseMultiplier * (Math.scalb(sensitivity, -exponent) + Math.sqrt(dimension));
        return exact * (1 + 0x1p-50);
    }
}
