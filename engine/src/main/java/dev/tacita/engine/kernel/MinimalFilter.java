package dev.tacita.engine.kernel;

/**
 * Minimal filtering of one dimension: {@code outputs} values of a filter with {@code taps} taps by as many
 * multiplications as it reads inputs (Toom-Cook; Winograd 1980; Lavin and Gray 2016, sec. 4). With g the filter and d the
 * inputs, the outputs are {@code A^T [(G g) * (B^T d)]}, multiplied element by element. Inputs and filter are read as
 * polynomials and evaluated at small points of which each comes with its negative and its reciprocal, and at infinity.
 */
final class MinimalFilter {
    private static final double[] POINTS = {0, 1, -1, 2, -2, 0.5, -0.5};

    /** The place of the point 1, at which a polynomial's value is the sum of its coefficients. */
    static final int ONE = 1;

    /** Inputs that most filters read. */
    static final int LARGEST = POINTS.length + 1;

    private final int outputs;
    private final int taps;
    private final int inputs;

    MinimalFilter(int outputs, int taps) {
        this.outputs = outputs;
        this.taps = taps;
        inputs = outputs + taps - 1;
        if (outputs < 1 || taps < 1 || inputs < 3 || inputs > LARGEST) {
            throw new IllegalArgumentException("a minimal filter reads 3 to " + LARGEST + " inputs. Provided value: "
                    + outputs + " outputs of " + taps + " taps");
        }
    }

    int outputs() {
        return outputs;
    }

    int taps() {
        return taps;
    }

    /** Inputs that it reads, and products that it makes of them. */
    int inputs() {
        return inputs;
    }

    /** A^T: outputs by products. */
    float[] ofProducts() {
        float[] matrix = new float[outputs * inputs];
        for (int point = 0; point < inputs; point++) {
            for (int power = 0; power < outputs; power++) {
                matrix[power * inputs + point] = (float) power(point, power, outputs);
            }
        }
        return matrix;
    }

    /** G: products by taps. */
    float[] ofTaps() {
        float[] matrix = new float[inputs * taps];
        for (int point = 0; point < inputs; point++) {
            for (int power = 0; power < taps; power++) {
                matrix[point * taps + power] = (float) (power(point, power, taps) / distance(point));
            }
        }
        return matrix;
    }

    /** B^T: products by inputs; row i has the coefficients of the polynomial that is zero at all finite points but i. */
    float[] ofInputs() {
        float[] matrix = new float[inputs * inputs];
        for (int point = 0; point < inputs; point++) {
            double[] polynomial = new double[inputs];
            polynomial[0] = 1;
            for (int other = 0; other < inputs - 1; other++) {
                if (other != point) {
                    for (int power = inputs - 1; power >= 0; power--) {
                        polynomial[power] = (power > 0 ? polynomial[power - 1] : 0) - POINTS[other] * polynomial[power];
                    }
                }
            }
            for (int power = 0; power < inputs; power++) {
                matrix[point * inputs + power] = (float) polynomial[power];
            }
        }
        return matrix;
    }

    private double power(int point, int power, int count) {
        if (point == inputs - 1) {
            return power == count - 1 ? 1 : 0;
        }
        return Math.pow(POINTS[point], power);
    }

    private double distance(int point) {
        double product = 1;
        for (int other = 0; other < inputs - 1; other++) {
            if (point < inputs - 1 && other != point) {
                product *= POINTS[point] - POINTS[other];
            }
        }
        return product;
    }

    /** The transpose of a matrix of {@code rows} rows. */
    static float[] transposed(float[] matrix, int rows) {
        int columns = matrix.length / rows;
        float[] transposed = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }
}
