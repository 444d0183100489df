package dev.tacita.dp.accounting;

/**
 * The discrete Fourier transform of a power of two, in place. Every root of unity is computed by itself: libraries that step from one
 * root to the next lose four digits, which powers of the transform multiply by the number of steps.
 */
final class FourierTransform {
    private final int size;
    private final double[] cosines;
    private final double[] sines;

    FourierTransform(int size) {
        this.size = size;
        this.cosines = new double[size / 2];
        this.sines = new double[size / 2];
        for (int i = 0; i < size / 2; i++) {
            double angle = 2 * Math.PI * i / size;
            cosines[i] = Math.cos(angle);
            sines[i] = Math.sin(angle);
        }
    }

    void forward(double[] real, double[] imaginary) {
        transform(real, imaginary, -1);
    }

    void inverse(double[] real, double[] imaginary) {
        transform(real, imaginary, 1);
        for (int i = 0; i < size; i++) {
            real[i] /= size;
            imaginary[i] /= size;
        }
    }

    private void transform(double[] real, double[] imaginary, int sign) {
        reverseBits(real, imaginary);
        for (int half = 1; half < size; half *= 2) {
            int stride = size / (2 * half);
            for (int block = 0; block < size; block += 2 * half) {
                for (int i = 0; i < half; i++) {
                    int low = block + i;
                    int high = low + half;
                    double cosine = cosines[i * stride];
                    double sine = sign * sines[i * stride];
                    double turnedReal = real[high] * cosine - imaginary[high] * sine;
                    double turnedImaginary = real[high] * sine + imaginary[high] * cosine;
                    real[high] = real[low] - turnedReal;
                    imaginary[high] = imaginary[low] - turnedImaginary;
                    real[low] += turnedReal;
                    imaginary[low] += turnedImaginary;
                }
            }
        }
    }

    private void reverseBits(double[] real, double[] imaginary) {
        int shift = Integer.numberOfLeadingZeros(size) + 1;
        for (int i = 1; i < size; i++) {
            int j = Integer.reverse(i) >>> shift;
            if (i < j) {
                swap(real, i, j);
                swap(imaginary, i, j);
            }
        }
    }

    private static void swap(double[] values, int i, int j) {
        double value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}
