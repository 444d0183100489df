package dev.tacita.dp.training;

/**
 * Noise by a banded Toeplitz factor C of the matrix of running sums: C x gets independent noise, and each step releases what
 * C^-1 makes of it (Denisov et al. 2022; Choquette-Choo et al. 2023, "(Amplified) banded matrix factorization"). Keeps two
 * vectors for each coefficient but the first.
 */
final class ToeplitzNoise implements NoiseStream {
    private final double[] coefficients;
    private final NoiseStream rows;
    private final double[][] sums;
    private final double[][] released;
    private final double[] row;
    private int step;

    /**
     * @param coefficients of the first column of C, the first of them 1
     * @param rows gives each row of C x its noise
     */
    ToeplitzNoise(double[] coefficients, int dimension, NoiseStream rows) {
        this.coefficients = coefficients.clone();
        this.rows = rows;
        sums = new double[coefficients.length][dimension];
        released = new double[coefficients.length][dimension];
        row = new double[dimension];
    }

    @Override
    public void release(double[] sum) {
        int bands = coefficients.length;
        int now = step % bands;
        System.arraycopy(sum, 0, sums[now], 0, sum.length);
        System.arraycopy(sum, 0, row, 0, sum.length);
        for (int back = 1; back < bands && back <= step; back++) {
            add(coefficients[back], sums[(step - back) % bands], row);
        }
        rows.release(row);
        for (int back = 1; back < bands && back <= step; back++) {
            add(-coefficients[back], released[(step - back) % bands], row);
        }
        System.arraycopy(row, 0, released[now], 0, row.length);
        System.arraycopy(row, 0, sum, 0, row.length);
        step++;
    }

    private static void add(double factor, double[] values, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * values[i];
        }
    }
}
