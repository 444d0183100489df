package dev.tacita.dp.accounting;

import java.lang.ref.SoftReference;

/**
 * The discrete Fourier transform of a power of two, in place. Every root of unity is computed by itself: libraries that step from one
 * root to the next lose four digits, which powers of the transform multiply by the number of steps. Frequencies stay in the
 * order of reversed bits, where products do not care.
 */
final class FourierTransform {
    private static volatile SoftReference<Roots> known = new SoftReference<>(new Roots(2));

    private final int size;
    private final double[] cosines;
    private final double[] sines;

    FourierTransform(int size) {
        this.size = size;
        Roots roots = roots(size);
        this.cosines = roots.cosines;
        this.sines = roots.sines;
    }

    /** cos(pi i / half) and sin(pi i / half) at half + i, for every power of two below the size and i below it. */
    private static final class Roots {
        private final double[] cosines;
        private final double[] sines;

        Roots(int size) {
            cosines = new double[Math.max(2, size)];
            sines = new double[Math.max(2, size)];
            cosines[1] = 1;
            for (int half = 2; half < size; half *= 2) {
                for (int i = 0; i < half; i += 2) {
                    cosines[half + i] = cosines[(half + i) / 2];
                    sines[half + i] = sines[(half + i) / 2];
                }
                for (int i = 1; i < half; i += 2) {
                    if (2 * i > half) {
                        cosines[half + i] = -cosines[half + half - i];
                        sines[half + i] = sines[half + half - i];
                    } else if (4 * i > half) {
                        cosines[half + i] = sines[half + half / 2 - i];
                        sines[half + i] = cosines[half + half / 2 - i];
                    } else {
                        cosines[half + i] = Math.cos(Math.PI * i / half);
                        sines[half + i] = Math.sin(Math.PI * i / half);
                    }
                }
            }
        }
    }

    private static Roots roots(int size) {
        Roots roots = known.get();
        if (roots == null || roots.cosines.length < size) {
            roots = new Roots(size);
            known = new SoftReference<>(roots);
        }
        return roots;
    }

    /** From places in order to frequencies with reversed bits. */
    void forward(double[] real, double[] imaginary) {
        for (int half = size / 2; half >= 1; half /= 2) {
            for (int block = 0; block < size; block += 2 * half) {
                down(real, imaginary, block, half);
            }
        }
    }

    /** From frequencies with reversed bits to places in order. */
    void inverse(double[] real, double[] imaginary) {
        for (int half = 1; half < size; half *= 2) {
            for (int block = 0; block < size; block += 2 * half) {
                up(real, imaginary, block, half);
            }
        }
        for (int i = 0; i < size; i++) {
            real[i] /= size;
            imaginary[i] /= size;
        }
    }

    /** Where the frequency lies that is the negative of the one at this place, which is not that of place 0. */
    static int opposite(int place) {
        int block = Integer.highestOneBit(place);
        return 3 * block - 1 - place;
    }

    private void down(double[] real, double[] imaginary, int block, int half) {
        for (int i = 0; i < half; i++) {
            double r = real[block + i] - real[block + half + i];
            double s = imaginary[block + i] - imaginary[block + half + i];
            real[block + i] += real[block + half + i];
            imaginary[block + i] += imaginary[block + half + i];
            real[block + half + i] = r * cosines[half + i] + s * sines[half + i];
            imaginary[block + half + i] = s * cosines[half + i] - r * sines[half + i];
        }
    }

    private void up(double[] real, double[] imaginary, int block, int half) {
        for (int i = 0; i < half; i++) {
            double r = real[block + half + i] * cosines[half + i] - imaginary[block + half + i] * sines[half + i];
            double s = real[block + half + i] * sines[half + i] + imaginary[block + half + i] * cosines[half + i];
            real[block + half + i] = real[block + i] - r;
            imaginary[block + half + i] = imaginary[block + i] - s;
            real[block + i] += r;
            imaginary[block + i] += s;
        }
    }
}
