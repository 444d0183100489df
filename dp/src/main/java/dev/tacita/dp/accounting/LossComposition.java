package dev.tacita.dp.accounting;

import java.util.Arrays;
import java.util.List;

/**
 * Composes loss distributions: the loss of independent mechanisms is the sum of theirs, so that their Fourier transforms multiply
 * (Koskela, Jälkö and Honkela 2020). Both directions of a pair of neighbours share one transform, one as its real part, the other as its
 * imaginary part.
 */
final class LossComposition {
    /** What is below this after all powers counts as 0. */
    private static final double NEGLIGIBLE = 1e-30;

    private final int size;
    private final boolean two;
    private final double[] real;
    private final double[] imaginary;
    private final double[] otherReal;
    private final double[] otherImaginary;

    private LossComposition(int size, boolean two) {
        this.size = size;
        this.two = two;
        this.real = new double[size];
        this.imaginary = new double[size];
        this.otherReal = two ? new double[size] : real;
        this.otherImaginary = two ? new double[size] : imaginary;
    }

    /** A distribution and how often it is added. */
    record Repeated(LossDistribution distribution, long times) {}

    /**
     * The compositions of one direction or two, whose parts run in step.
     *
     * @param directions one list of parts for each direction
     * @param windows for each direction the sums that count, fewer than 2^24
     */
    static List<LossDistribution> of(List<List<Repeated>> directions, List<LossWindow> windows) {
        boolean single = directions.get(0).size() == 1 && directions.get(0).get(0).times == 1;
        if (single) {
            return directions.stream().map(parts -> parts.get(0).distribution).toList();
        }
        long width = windows.stream().mapToLong(LossWindow::width).max().orElse(1);
        int size = Math.max(2, Integer.highestOneBit(Math.toIntExact(width)) * 2);
        boolean two = directions.size() == 2;
        LossComposition product = new LossComposition(size, two);
        FourierTransform fourier = new FourierTransform(size);
        double[] real = new double[size];
        double[] imaginary = new double[size];
        for (int part = 0; part < directions.get(0).size(); part++) {
            fold(directions.get(0).get(part).distribution, real);
            if (two) {
                fold(directions.get(1).get(part).distribution, imaginary);
            } else {
                Arrays.fill(imaginary, 0);
            }
            fourier.forward(real, imaginary);
            product.multiply(real, imaginary, directions.get(0).get(part).times, part == 0);
        }
        product.join();
        fourier.inverse(product.real, product.imaginary);
        LossDistribution first = unfold(directions.get(0), windows.get(0), product.real);
        return two ? List.of(first, unfold(directions.get(1), windows.get(1), product.imaginary)) : List.of(first);
    }

    /** Around the circle, scaled to a sum of 1. */
    private static void fold(LossDistribution distribution, double[] values) {
        Arrays.fill(values, 0);
        double[] masses = distribution.masses();
        double total = distribution.finite();
        int at = Math.floorMod(distribution.first(), values.length);
        for (double mass : masses) {
            values[at] += mass / total;
            at = at + 1 == values.length ? 0 : at + 1;
        }
    }

    private static LossDistribution unfold(List<Repeated> parts, LossWindow window, double[] values) {
        double logFinite = 0;
        double logScale = 0;
        double offset = 0;
        for (Repeated part : parts) {
            logFinite += part.times * Math.log1p(-part.distribution.infinite());
            logScale += part.times * Math.log(part.distribution.finite());
            offset += part.times * part.distribution.offset();
        }
        double[] masses = new double[Math.min(values.length, Math.toIntExact(window.width() + 1))];
        double scale = Math.exp(logScale);
        int at = Math.floorMod(window.bottom(), values.length);
        double total = 0;
        for (int i = 0; i < masses.length; i++) {
            masses[i] = Math.max(0, values[at]) * scale;
            total += masses[i];
            at = at + 1 == values.length ? 0 : at + 1;
        }
        if (!(Math.abs(total - scale) < 1e-6)) {
            throw new ArithmeticException("Probabilities of privacy losses must add up to " + scale
                    + "; they add up to " + total + ", so that nothing is claimed.");
        }
        double step = parts.get(0).distribution.step();
        return new LossDistribution(step, window.bottom(), offset, masses, -Math.expm1(logFinite));
    }

    private void multiply(double[] r, double[] s, long times, boolean first) {
        double smallest = Math.exp(2 * Math.log(NEGLIGIBLE) / times);
        if (!two) {
            for (int i = 0; i < size; i++) {
                put(real, imaginary, i, r[i], s[i], times, smallest, first);
            }
            return;
        }
        for (int i = 0; i < size; i++) {
            int j = i == 0 ? 0 : FourierTransform.opposite(i);
            if (i <= j) {
                double ar = 0.5 * (r[i] + r[j]);
                double ai = 0.5 * (s[i] - s[j]);
                double br = 0.5 * (s[i] + s[j]);
                double bi = 0.5 * (r[j] - r[i]);
                put(real, imaginary, i, ar, ai, times, smallest, first);
                put(otherReal, otherImaginary, i, br, bi, times, smallest, first);
            }
        }
    }

    /** Multiplies a value by a power of another; only the lower place of two opposite frequencies is kept while there are two directions. */
    private static void put(
            double[] real, double[] imaginary, int i, double r, double s, long times, double smallest, boolean first) {
        double powerReal = first ? 1 : real[i];
        double powerImaginary = first ? 0 : imaginary[i];
        if (r * r + s * s < smallest) {
            powerReal = 0;
            powerImaginary = 0;
        } else {
            double baseReal = r;
            double baseImaginary = s;
            for (long left = times; left > 0; left >>= 1) {
                if ((left & 1) == 1) {
                    double next = powerReal * baseReal - powerImaginary * baseImaginary;
                    powerImaginary = powerReal * baseImaginary + powerImaginary * baseReal;
                    powerReal = next;
                }
                double square = (baseReal - baseImaginary) * (baseReal + baseImaginary);
                baseImaginary = 2 * baseReal * baseImaginary;
                baseReal = square;
            }
        }
        real[i] = powerReal;
        imaginary[i] = powerImaginary;
    }

    /** Puts both directions together again. */
    private void join() {
        for (int i = 0; two && i < size; i++) {
            int j = i == 0 ? 0 : FourierTransform.opposite(i);
            if (i <= j) {
                double ar = real[i];
                double ai = imaginary[i];
                double br = otherReal[i];
                double bi = otherImaginary[i];
                real[i] = ar - bi;
                imaginary[i] = ai + br;
                real[j] = ar + bi;
                imaginary[j] = br - ai;
            }
        }
    }
}
