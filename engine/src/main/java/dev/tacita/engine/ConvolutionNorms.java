package dev.tacita.engine;

import dev.tacita.engine.kernel.Convolution;
import dev.tacita.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.Optional;

/**
 * Norms of the gradients of single examples of a convolution with T positions and a weight of p filters by d cells: from
 * the two T by T matrices of inner products where 2 T^2 &lt; p d (ghost norm; Bu, Mao and Xu 2022, sec. 3.3), else from the
 * gradients themselves. Gradients that are small beside the values of the layer are kept, so that the scaled sum needs no
 * second product over columns.
 */
final class ConvolutionNorms {
    /** Kept gradients take at most this part of the floats that values and signals take. */
    private static final int LARGEST_PART = 4;

    private final Kernels kernels;
    private final Optional<Convolution> whole;
    private final Geometry geometry;
    private final Columns images;
    private final int filters;
    private final int weights;
    private final int length;
    private final boolean ghost;
    private final boolean keeps;
    private final float[] columns;
    private final float[] products;
    private final float[] kept;
    private Optional<Tape> heldOf = Optional.empty();
    private float[] coefficients = new float[0];

    ConvolutionNorms(
            Kernels kernels,
            Optional<Convolution> whole,
            Geometry geometry,
            int filters,
            boolean hasBias,
            int capacity) {
        this.kernels = kernels;
        this.whole = whole;
        this.geometry = geometry;
        this.filters = filters;
        images = new Columns(geometry);
        weights = filters * geometry.cells();
        length = weights + (hasBias ? filters : 0);
        int positions = geometry.positions();
        ghost = 2L * positions * positions < weights;
        long values = geometry.inputSize() + (long) filters * positions;
        keeps = !ghost && LARGEST_PART * (long) length <= values;
        columns = new float[ghost || whole.isEmpty() ? geometry.cells() * positions : 0];
        products = new float[ghost ? 2 * positions * positions : keeps ? 0 : length];
        kept = new float[keeps ? capacity * length : 0];
    }

    void addTo(double[] norms, float[] x, float[] signal, Tape tape) {
        int positions = geometry.positions();
        for (int example = 0; example < tape.batch(); example++) {
            float[] gradient = keeps ? kept : products;
            int at = keeps ? example * length : 0;
            int from = example * filters * positions;
            if (ghost) {
                images.spread(x, example * geometry.inputSize(), columns, 0, positions);
                norms[example] += ghostNorm(signal, from);
            } else if (whole.isPresent()) {
                whole.get().collectExample(example, x, signal, gradient, at);
                norms[example] += Norms.squared(gradient, at, length);
            } else {
                images.spread(x, example * geometry.inputSize(), columns, 0, positions);
                collect(signal, from, gradient, at);
                norms[example] += Norms.squared(gradient, at, length);
            }
        }
        if (keeps && heldOf.isEmpty()) {
            heldOf = Optional.of(tape);
        }
    }

    private double ghostNorm(float[] signal, int from) {
        int positions = geometry.positions();
        int square = positions * positions;
        kernels.multiply(
                true, false, positions, positions, geometry.cells(), columns, 0, columns, 0, false, products, 0);
        kernels.multiply(
                true, false, positions, positions, filters, signal, from, signal, from, false, products, square);
        double bias = length > weights ? 1 : 0;
        double sum = 0;
        for (int i = 0; i < square; i++) {
            sum += (products[i] + bias) * products[square + i];
        }
        return sum < 0 && Double.isFinite(sum) ? 0 : sum;
    }

    private void collect(float[] signal, int from, float[] gradient, int at) {
        int positions = geometry.positions();
        kernels.multiply(
                false, true, filters, geometry.cells(), positions, signal, from, columns, 0, false, gradient, at);
        for (int i = weights; i < length; i++) {
            double sum = 0;
            int row = from + (i - weights) * positions;
            for (int position = row; position < row + positions; position++) {
                sum += signal[position];
            }
            gradient[at + i] = (float) sum;
        }
    }

    /** Whether the gradients of the examples of this tape's last pass are kept. */
    boolean holds(Tape tape) {
        return heldOf.isPresent() && heldOf.get() == tape;
    }

    /** A new pass has begun. */
    void forget() {
        if (heldOf.isPresent()) {
            heldOf = Optional.empty();
        }
    }

    void scale(float[] coefficients, int batch) {
        this.coefficients = coefficients;
        for (int example = 0; example < batch; example++) {
            if (coefficients[example] == 0) {
                Arrays.fill(kept, example * length, (example + 1) * length, 0f);
            }
        }
    }

    /** Writes the sum of the kept gradients, scaled, from {@code offset}. */
    void collect(float[] gradient, int offset, int batch) {
        kernels.multiply(false, false, 1, length, batch, coefficients, 0, kept, 0, false, gradient, offset);
    }
}
