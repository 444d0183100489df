package dev.tacita.engine;

import java.util.Arrays;

/**
 * Sums over all planes of one channel of a batch. Long planes are added up element by element in single precision, a few
 * at a time, which runs in vector registers; those partial sums, and short planes, in double precision. Their order is
 * fixed, and so are the bits.
 */
final class ChannelSums {
    private static final int SHORTEST = 128;
    private static final int ROWS = 16;

    private final int channels;
    private final int plane;
    private final float[] values;
    private final float[] factors;
    private final float[] partial;
    private final float[] partialProducts;
    private double sum;
    private double product;

    ChannelSums(int channels, int plane) {
        this.channels = channels;
        this.plane = plane;
        int length = plane < SHORTEST ? 0 : plane;
        values = new float[length];
        factors = new float[length];
        partial = new float[length];
        partialProducts = new float[length];
    }

    private int at(int row, int channel) {
        return (row * channels + channel) * plane;
    }

    /** Of the values. */
    double sum(float[] x, int channel, int batch) {
        double total = 0;
        for (int row = 0; row < batch; row++) {
            if (plane < SHORTEST) {
                total += Sums.sum(x, at(row, channel), plane);
                continue;
            }
            System.arraycopy(x, at(row, channel), values, 0, plane);
            Operation.add(values, partial, plane);
            total += flush(partial, row, batch);
        }
        return total;
    }

    /** Of the squared distances from {@code center}. */
    double squares(float[] x, int channel, int batch, double center) {
        double total = 0;
        for (int row = 0; row < batch; row++) {
            if (plane < SHORTEST) {
                total += Sums.squares(x, at(row, channel), plane, center);
                continue;
            }
            System.arraycopy(x, at(row, channel), values, 0, plane);
            addSquares(values, (float) center, partial);
            total += flush(partial, row, batch);
        }
        return total;
    }

    /** Of {@code x}, and of the products of {@code x} with the distances of {@code y} from {@code center}. */
    void addUp(float[] x, float[] y, int channel, int batch, double center) {
        sum = 0;
        product = 0;
        for (int row = 0; row < batch; row++) {
            int at = at(row, channel);
            if (plane < SHORTEST) {
                double each = Sums.sum(x, at, plane);
                sum += each;
                product += Sums.product(x, at, y, at, plane) - center * each;
                continue;
            }
            System.arraycopy(x, at, values, 0, plane);
            System.arraycopy(y, at, factors, 0, plane);
            Operation.add(values, partial, plane);
            addProducts(values, factors, (float) center, partialProducts);
            sum += flush(partial, row, batch);
            product += flush(partialProducts, row, batch);
        }
    }

    /** What {@link #addUp} last found. */
    double sum() {
        return sum;
    }

    /** What {@link #addUp} last found. */
    double product() {
        return product;
    }

    private static void addSquares(float[] values, float center, float[] to) {
        for (int i = 0; i < to.length; i++) {
            float away = values[i] - center;
            to[i] += away * away;
        }
    }

    private static void addProducts(float[] values, float[] factors, float center, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += values[i] * (factors[i] - center);
        }
    }

    private static double flush(float[] partial, int row, int batch) {
        if (row % ROWS != ROWS - 1 && row != batch - 1) {
            return 0;
        }
        double total = Sums.sum(partial, 0, partial.length);
        Arrays.fill(partial, 0f);
        return total;
    }
}
