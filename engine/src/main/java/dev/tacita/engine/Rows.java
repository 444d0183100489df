package dev.tacita.engine;

/** A matrix and one row, such as a bias. */
final class Rows {
    private Rows() {}

    /** Makes each row of the matrix {@code row}. */
    static void fill(float[] row, int rowAt, float[] matrix, int at, int rows, int width) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(row, rowAt, matrix, at + i * width, width);
        }
    }

    /** Adds {@code row} to each row of the matrix. */
    static void add(float[] row, int rowAt, float[] matrix, int at, int rows, int width) {
        for (int i = 0; i < rows; i++) {
            int to = at + i * width;
            for (int j = 0; j < width; j++) {
                matrix[to + j] += row[rowAt + j];
            }
        }
    }

    /** Makes {@code row} the sum of the rows of the matrix. */
    static void sum(float[] matrix, int at, int rows, int width, float[] row, int rowAt) {
        System.arraycopy(matrix, at, row, rowAt, width);
        for (int i = 1; i < rows; i++) {
            int from = at + i * width;
            for (int j = 0; j < width; j++) {
                row[rowAt + j] += matrix[from + j];
            }
        }
    }

    /** Writes row {@code index} of each block of {@code inner} rows. */
    static void pick(float[] from, int index, int inner, int blocks, int width, float[] to) {
        for (int i = 0; i < blocks; i++) {
            System.arraycopy(from, (i * inner + index) * width, to, i * width, width);
        }
    }

    /** Writes rows that lie block after block, {@code inner} in each of {@code outer}, in the other order. */
    static void swap(float[] from, int outer, int inner, int width, float[] to) {
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < inner; j++) {
                System.arraycopy(from, (i * inner + j) * width, to, (j * outer + i) * width, width);
            }
        }
    }
}
