package dev.tacita.benchmarks;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.Shape;
import dev.tacita.engine.kernel.Kernels;

/**
 * Scattering features of images of one channel and 28 by 28 pixels, which no training has touched: 81 maps of 7 by 7, from
 * Morlet wavelets of two scales and eight orientations and a Gaussian (Bruna and Mallat 2013, "Invariant scattering
 * convolution networks", sec. 2). Each group of three maps of an image is brought to mean 0 and variance 1 (Tramèr and Boneh
 * 2021, sec. 3.1); so nothing of an image depends on another one.
 */
final class Scattering {
    static final int FEATURES = 81 * 49;

    private static final int SIDE = 28;
    private static final int PIXELS = SIDE * SIDE;
    private static final int ORIENTATIONS = 8;
    private static final int SCALES = 2;
    private static final int RADIUS = 6;
    private static final int WIDTH = 2 * RADIUS + 1;
    private static final int KERNEL = WIDTH * WIDTH;
    private static final int SMALL_SIDE = 7;
    private static final int SMALL = SMALL_SIDE * SMALL_SIDE;
    private static final int GROUP = 3 * SMALL;

    private final Kernels kernels;
    private final float[] fine = bank(0);
    private final float[] coarse = bank(1);
    private final float[] gaussian = gaussian();
    private final float[] columns = new float[KERNEL * PIXELS];
    private final float[] smallColumns = new float[KERNEL * SMALL];
    private final float[] filtered = new float[2 * ORIENTATIONS * PIXELS];

    Scattering(Kernels kernels) {
        this.kernels = kernels;
    }

    /** The same examples with features in place of pixels. */
    Examples of(Examples images) {
        float[] features = new float[Math.multiplyExact(images.size(), FEATURES)];
        float[] targets = new float[images.size()];
        float[] image = new float[PIXELS];
        for (int i = 0; i < images.size(); i++) {
            images.copyInput(i, image, 0);
            images.copyTarget(i, targets, i);
            scatter(image, features, i * FEATURES);
        }
        return new ArrayExamples(Shape.of(FEATURES), 1, features, targets);
    }

    private void scatter(float[] image, float[] to, int offset) {
        float[][] first = moduli(image, fine);
        float[][] second = moduli(image, coarse);
        int place = smooth(image, to, offset);
        for (float[][] maps : new float[][][] {first, second}) {
            for (float[] map : maps) {
                place = smooth(map, to, place);
            }
        }
        for (float[] map : first) {
            for (float[] again : moduli(map, coarse)) {
                place = smooth(again, to, place);
            }
        }
        for (int group = offset; group < place; group += GROUP) {
            normalize(to, group);
        }
    }

    private float[][] moduli(float[] map, float[] bank) {
        spread(map, 1, 0, SIDE, columns);
        kernels.multiply(false, false, 2 * ORIENTATIONS, PIXELS, KERNEL, bank, 0, columns, 0, false, filtered, 0);
        float[][] moduli = new float[ORIENTATIONS][PIXELS];
        for (int i = 0; i < ORIENTATIONS; i++) {
            for (int j = 0; j < PIXELS; j++) {
                moduli[i][j] = (float) Math.hypot(filtered[2 * i * PIXELS + j], filtered[(2 * i + 1) * PIXELS + j]);
            }
        }
        return moduli;
    }

    private int smooth(float[] map, float[] to, int place) {
        spread(map, 1 << SCALES, 1, SMALL_SIDE, smallColumns);
        kernels.multiply(false, false, 1, SMALL, KERNEL, gaussian, 0, smallColumns, 0, false, to, place);
        return place + SMALL;
    }

    /** Column matrix of the map: around each place, from {@code first} on by strides, the pixels under a filter. */
    private static void spread(float[] map, int stride, int first, int side, float[] to) {
        for (int row = 0; row < WIDTH; row++) {
            for (int column = 0; column < WIDTH; column++) {
                int place = (row * WIDTH + column) * side * side;
                for (int y = 0; y < side; y++) {
                    int fromY = first + y * stride + row - RADIUS;
                    for (int x = 0; x < side; x++) {
                        int fromX = first + x * stride + column - RADIUS;
                        boolean inside = fromY >= 0 && fromY < SIDE && fromX >= 0 && fromX < SIDE;
                        to[place + y * side + x] = inside ? map[fromY * SIDE + fromX] : 0;
                    }
                }
            }
        }
    }

    private static void normalize(float[] values, int from) {
        double sum = 0;
        double squares = 0;
        for (int i = from; i < from + GROUP; i++) {
            sum += values[i];
            squares += (double) values[i] * values[i];
        }
        double mean = sum / GROUP;
        double scale = 1 / Math.sqrt(Math.max(0, squares / GROUP - mean * mean) + 1e-5);
        for (int i = from; i < from + GROUP; i++) {
            values[i] = (float) ((values[i] - mean) * scale);
        }
    }

    /** Real and imaginary parts of the wavelets of one scale, one orientation after the other. */
    private static float[] bank(int scale) {
        float[] bank = new float[2 * ORIENTATIONS * KERNEL];
        double sigma = 0.8 * (1 << scale);
        double frequency = 0.75 * Math.PI / (1 << scale);
        double slant = 4.0 / ORIENTATIONS;
        for (int orientation = 0; orientation < ORIENTATIONS; orientation++) {
            double angle = Math.PI * orientation / ORIENTATIONS;
            double[] envelope = new double[KERNEL];
            double[] cosine = new double[KERNEL];
            double[] sine = new double[KERNEL];
            double mass = 0;
            double real = 0;
            for (int i = 0; i < KERNEL; i++) {
                double y = i / WIDTH - RADIUS;
                double x = i % WIDTH - RADIUS;
                double along = x * Math.cos(angle) + y * Math.sin(angle);
                double across = slant * (y * Math.cos(angle) - x * Math.sin(angle));
                envelope[i] = Math.exp(-(along * along + across * across) / (2 * sigma * sigma));
                cosine[i] = envelope[i] * Math.cos(frequency * along);
                sine[i] = envelope[i] * Math.sin(frequency * along);
                mass += envelope[i];
                real += cosine[i];
            }
            for (int i = 0; i < KERNEL; i++) {
                bank[2 * orientation * KERNEL + i] = (float) ((cosine[i] - real / mass * envelope[i]) / mass);
                bank[(2 * orientation + 1) * KERNEL + i] = (float) (sine[i] / mass);
            }
        }
        return bank;
    }

    private static float[] gaussian() {
        double sigma = 0.8 * (1 << (SCALES - 1));
        float[] values = new float[KERNEL];
        double mass = 0;
        for (int i = 0; i < KERNEL; i++) {
            int y = i / WIDTH - RADIUS;
            int x = i % WIDTH - RADIUS;
            double value = Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
            values[i] = (float) value;
            mass += value;
        }
        for (int i = 0; i < KERNEL; i++) {
            values[i] /= (float) mass;
        }
        return values;
    }
}
