package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;
import java.math.BigInteger;

/**
 * Guarantee: releasing {@code values + noise} is epsilon-differentially private (delta is 0), exactly, whichever
 * neighbouring relation the sensitivity was found for: {@code sensitivity} is the largest sum of absolute differences
 * between the vectors of two neighbouring data sets (L1 distance; for one value, the largest difference).
 *
 * <p>Why it holds on a computer: every value is put on the nearest multiple of {@link #grid}, a power of two, and an
 * integer from the discrete Laplace distribution is added to the multiple. The noise is made for the largest distance
 * that rounded neighbours can have. The sampler knows no floating point, so Mironov's attack (2012, "On significance of
 * the least significant bits") has nothing to hold. Random bits: AES-128-CTR, keyed by {@link
 * java.security.SecureRandom}. How long a call takes is not protected.
 */
public final class LaplaceMechanism {
    private final double epsilon;
    private final double sensitivity;
    private final int dimension;
    private final Grid grid;
    private final Rational rate;
    private final ExactDraws draws;

    private LaplaceMechanism(double epsilon, double sensitivity, int dimension, RandomBits bits) {
        Checks.positive("epsilon", epsilon);
        Checks.positive("sensitivity", sensitivity);
        Checks.atLeast("dimension", dimension, 1);
        this.epsilon = epsilon;
        this.sensitivity = sensitivity;
        this.dimension = dimension;
        this.grid = Grid.forScale(Math.min(sensitivity, sensitivity / epsilon));
        // The rounded differences are integers, each less than one above its difference in multiples.
        BigInteger steps = grid.indicesOf(sensitivity).add(BigInteger.valueOf(dimension - 1L));
        this.rate = Rational.of(epsilon).over(new Rational(steps, BigInteger.ONE));
        this.draws = new ExactDraws(bits);
    }

    /**
     * A mechanism for vectors of {@code dimension} values whose neighbours are at most {@code sensitivity} apart.
     *
     * @param epsilon of one release, > 0
     * @param sensitivity L1 distance, > 0
     * @param dimension values in one release, >= 1
     */
    public static LaplaceMechanism of(double epsilon, double sensitivity, int dimension) {
        return new LaplaceMechanism(epsilon, sensitivity, dimension, RandomBits.secure());
    }

    static LaplaceMechanism of(double epsilon, double sensitivity, int dimension, RandomBits bits) {
        return new LaplaceMechanism(epsilon, sensitivity, dimension, bits);
    }

    /** What one release reveals, for an accountant: exactly its guarantee, as noise on a grid is not quite Laplacian. */
    public Event event() {
        return new Event.EpsilonDelta(epsilon, 0);
    }

    /** Epsilon of one release. */
    public double epsilon() {
        return epsilon;
    }

    /** The sensitivity that was stated. */
    public double sensitivity() {
        return sensitivity;
    }

    /** Values in one release. */
    public int dimension() {
        return dimension;
    }

    /** Every released value is a multiple of this power of two, up to its own rounding. */
    public double grid() {
        return grid.spacing();
    }

    /**
     * The noisy values; the argument stays as it is.
     *
     * @throws IllegalArgumentException if the length is not the dimension or a value is not finite
     */
    public double[] release(double[] values) {
        Checks.length("values", values.length, dimension);
        Checks.allFinite("values", values);
        double[] noisy = new double[dimension];
        synchronized (draws) {
            for (int i = 0; i < dimension; i++) {
                noisy[i] = grid.value(grid.index(values[i]).add(draws.discreteLaplace(rate)));
            }
        }
        return noisy;
    }

    /**
     * The noisy value; for mechanisms of dimension 1.
     *
     * @throws IllegalArgumentException if the dimension is not 1 or the value is not finite
     */
    public double release(double value) {
        return release(new double[] {value})[0];
    }
}
