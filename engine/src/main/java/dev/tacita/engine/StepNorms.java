package dev.tacita.engine;

import dev.tacita.engine.kernel.Kernels;

/**
 * Squared norms of the gradients of single examples for a weight of p rows by d columns, with or without a bias, that is
 * used at each of T steps: a product of two norms where T is 1 (Goodfellow 2015, eq. 3); from the two T by T matrices of
 * inner products where 2 T^2 &lt; p d (ghost norm; Li et al. 2022, sec. 4); else from the gradients themselves.
 */
final class StepNorms {
    private final Kernels kernels;
    private final int steps;
    private final int rows;
    private final int columns;
    private final boolean hasBias;
    private final boolean ghost;
    private float[] working = new float[0];

    /**
     * @param rows p, the length of a step's signal
     * @param columns d, the length of a step's value
     */
    StepNorms(Kernels kernels, int steps, int rows, int columns, boolean hasBias) {
        this.kernels = kernels;
        this.steps = steps;
        this.rows = rows;
        this.columns = columns;
        this.hasBias = hasBias;
        ghost = 2L * steps * steps < (long) rows * columns;
    }

    /** Of the example whose signals (steps by p) and values (steps by d) lie at these places. */
    double squared(float[] signals, int signalsAt, float[] values, int valuesAt) {
        if (steps == 1) {
            double ofValue = Norms.squared(values, valuesAt, columns);
            return (hasBias ? ofValue + 1 : ofValue) * Norms.squared(signals, signalsAt, rows);
        }
        return ghost
                ? ghostNorm(signals, signalsAt, values, valuesAt)
                : gradientNorm(signals, signalsAt, values, valuesAt);
    }

    private double ghostNorm(float[] signals, int signalsAt, float[] values, int valuesAt) {
        int square = steps * steps;
        float[] products = working(2 * square);
        kernels.multiply(false, true, steps, steps, rows, signals, signalsAt, signals, signalsAt, false, products, 0);
        kernels.multiply(
                false, true, steps, steps, columns, values, valuesAt, values, valuesAt, false, products, square);
        double bias = hasBias ? 1 : 0;
        double sum = 0;
        for (int i = 0; i < square; i++) {
            sum += products[i] * (products[square + i] + bias);
        }
        return sum < 0 && Double.isFinite(sum) ? 0 : sum;
    }

    private double gradientNorm(float[] signals, int signalsAt, float[] values, int valuesAt) {
        int weights = rows * columns;
        int length = weights + (hasBias ? rows : 0);
        float[] gradient = working(length);
        kernels.multiply(true, false, rows, columns, steps, signals, signalsAt, values, valuesAt, false, gradient, 0);
        if (hasBias) {
            Rows.sum(signals, signalsAt, steps, rows, gradient, weights);
        }
        return Norms.squared(gradient, 0, length);
    }

    private float[] working(int length) {
        if (working.length == 0) {
            working = new float[length];
        }
        return working;
    }
}
