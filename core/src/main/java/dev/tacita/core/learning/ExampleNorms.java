package dev.tacita.core.learning;

import java.util.Arrays;

/**
 * The norms of the gradients of some examples, and the coefficient that each one gets. Examples are counted from 0 within
 * a pass, groups as in {@link PerExampleGradients.OfTask#groups}.
 */
public final class ExampleNorms {
    private final double[][] squares;
    private final float[][] coefficients;
    private int first;
    private int count;

    /**
     * Room for a pass.
     *
     * @param groups at least 0
     * @param capacity most examples of a pass, at least 1
     */
    public ExampleNorms(int groups, int capacity) {
        Checks.atLeast("groups", groups, 0);
        Checks.atLeast("capacity", capacity, 1);
        squares = new double[groups][capacity];
        coefficients = new float[groups][capacity];
    }

    /**
     * Starts a pass: all norms and coefficients are zero.
     *
     * @param first index in the batch of the first example
     * @param count how many
     */
    public void begin(int first, int count) {
        this.first = first;
        this.count = count;
        for (int group = 0; group < squares.length; group++) {
            Arrays.fill(squares[group], 0);
            Arrays.fill(coefficients[group], 0f);
        }
    }

    /** Index in the batch of example 0. */
    public int first() {
        return first;
    }

    /** The number of examples, at least 1. */
    public int count() {
        return count;
    }

    /** The number of groups of parameters. */
    public int groups() {
        return squares.length;
    }

    /** The L2 norm of an example's whole gradient; infinite or NaN if the gradient is not finite. */
    public double norm(int example) {
        double sum = 0;
        for (int group = 0; group < squares.length; group++) {
            sum += squares[group][example];
        }
        return Math.sqrt(sum);
    }

    /** The L2 norm of the part of one group; infinite or NaN if that part is not finite. */
    public double norm(int example, int group) {
        return Math.sqrt(squares[group][example]);
    }

    /** Gives all groups of an example one coefficient, as {@link #scale(int, int, double)} does for one. */
    public void scale(int example, double coefficient) {
        for (int group = 0; group < squares.length; group++) {
            scale(example, group, coefficient);
        }
    }

    /**
     * Gives the part of one group of an example its coefficient. With 0 it adds exactly nothing, whatever it is.
     *
     * @param coefficient at least 0, finite; 0 if the norm of this part is not finite
     */
    public void scale(int example, int group, double coefficient) {
        Checks.notNegative("a coefficient", coefficient);
        if (coefficient != 0 && !Double.isFinite(squares[group][example])) {
            throw new IllegalArgumentException(
                    "a gradient that is not finite must get the coefficient 0. Provided value: " + coefficient);
        }
        coefficients[group][example] = (float) coefficient;
    }

    /** Squared norms of one group, shared: for whoever computes them. */
    public double[] squares(int group) {
        return squares[group];
    }

    /** Coefficients of one group, shared: for whoever applies them. */
    public float[] coefficients(int group) {
        return coefficients[group];
    }
}
