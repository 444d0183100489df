package dev.tacita.dp.accounting;

import java.util.Arrays;
import java.util.List;

/**
 * Composes loss distributions: the loss of independent mechanisms is the sum of theirs, so that their Fourier transforms multiply
 * (Koskela, Jälkö and Honkela 2020). What could fall outside the window of the transform is bounded by Chernoff's inequality first, and
 * added to the infinite loss: the result dominates.
 */
final class LossComposition {
    /** Probability that may fall outside the window, at each end. */
    private static final double TAIL = 1e-15;

    /** What each factor's rounding errors may take from delta. */
    private static final double ROUNDING = 4e-16;

    private LossComposition() {}

    /** A distribution and how often it is added. */
    record Repeated(LossDistribution distribution, long times) {}

    /** The losses, as multiples of the step, outside of which less than TAIL lies at each end. */
    record Window(long bottom, long top) {
        long width() {
            return top - bottom;
        }
    }

    static Window window(List<Repeated> parts, double step) {
        long lowest = 0;
        long highest = 0;
        for (Repeated part : parts) {
            lowest += part.times * part.distribution.first();
            highest += part.times * part.distribution.last();
        }
        long top = Math.min(highest, (long) Math.ceil(chernoff(parts, 1) / step));
        return new Window(Math.max(lowest, (long) Math.floor(-chernoff(parts, -1) / step)), top);
    }

    /** The composition, in a window of at most 2^24 losses. */
    static LossDistribution of(List<Repeated> parts, double step, Window window) {
        double logFinite = 0;
        for (Repeated part : parts) {
            logFinite += part.times * Math.log1p(-part.distribution.infinite());
        }
        int size = Integer.highestOneBit((int) Math.max(1, window.width())) * 2;
        double[] masses = convolve(parts, size, window.bottom);
        long times = parts.stream().mapToLong(Repeated::times).sum();
        double infinite = -Math.expm1(logFinite) + 2 * TAIL + times * ROUNDING;
        double total = infinite;
        for (double mass : masses) {
            total += mass;
        }
        if (!(Math.abs(total - 1) < 1e-6)) {
            throw new ArithmeticException("Probabilities of privacy losses must add up to 1; they add up to " + total
                    + ", so that nothing is claimed.");
        }
        return new LossDistribution(step, window.bottom, masses, Math.min(1, infinite));
    }

    /** The smallest bound b found such that sign * loss > b has a probability of at most TAIL. */
    private static double chernoff(List<Repeated> parts, int sign) {
        double best = Double.POSITIVE_INFINITY;
        for (double tilt = 1.0 / 64; tilt < 5000; tilt *= 1.5) {
            double logMoment = 0;
            for (Repeated part : parts) {
                logMoment += part.times * logMoment(part.distribution, sign * tilt);
            }
            best = Math.min(best, (logMoment - Math.log(TAIL)) / tilt);
        }
        return best;
    }

    private static double logMoment(LossDistribution distribution, double tilt) {
        double[] masses = distribution.masses();
        double base = tilt * distribution.step();
        double largest = base > 0 ? base * (masses.length - 1) : 0;
        double sum = 0;
        for (int i = 0; i < masses.length; i++) {
            double exponent = base * i - largest;
            sum += exponent < -745 ? 0 : masses[i] * Math.exp(exponent);
        }
        return Math.log(sum) + largest + base * distribution.first();
    }

    private static double[] convolve(List<Repeated> parts, int size, long bottom) {
        FourierTransform fourier = new FourierTransform(size);
        double[][] product = new double[2][size];
        Arrays.fill(product[0], 1);
        double logScale = 0;
        for (Repeated part : parts) {
            double[] real = new double[size];
            double total = 0;
            double[] masses = part.distribution.masses();
            for (int i = 0; i < masses.length; i++) {
                real[Math.floorMod(part.distribution.first() + i, size)] += masses[i];
                total += masses[i];
            }
            logScale += part.times * Math.log(total);
            double[][] transform = {real, new double[size]};
            fourier.forward(transform[0], transform[1]);
            power(transform, part.times, total);
            multiply(product, transform);
        }
        fourier.inverse(product[0], product[1]);
        double scale = Math.exp(logScale);
        double[] result = new double[size];
        for (int i = 0; i < size; i++) {
            result[i] = Math.max(0, product[0][Math.floorMod(bottom + i, size)]) * scale;
        }
        return result;
    }

    private static void power(double[][] values, long exponent, double total) {
        for (int i = 0; i < values[0].length; i++) {
            double real = values[0][i] / total;
            double imaginary = values[1][i] / total;
            double modulus = Math.exp(exponent * Math.log(Math.hypot(real, imaginary)));
            double angle = exponent * Math.atan2(imaginary, real);
            values[0][i] = modulus * Math.cos(angle);
            values[1][i] = modulus * Math.sin(angle);
        }
    }

    private static void multiply(double[][] a, double[][] b) {
        for (int i = 0; i < a[0].length; i++) {
            double real = a[0][i] * b[0][i] - a[1][i] * b[1][i];
            a[1][i] = a[0][i] * b[1][i] + a[1][i] * b[0][i];
            a[0][i] = real;
        }
    }
}
