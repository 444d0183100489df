package dev.tacita.simulations;

import java.util.random.RandomGenerator;

/** Draws from the gamma distribution of scale 1 (Marsaglia and Tsang 2000). */
final class Gamma {
    private Gamma() {}

    /** @param shape above 0; the draw is above 0 */
    static double draw(double shape, RandomGenerator random) {
        if (shape < 1) {
            double factor = Math.pow(1 - random.nextDouble(), 1 / shape);
            return Math.max(Double.MIN_NORMAL, draw(shape + 1, random) * factor);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double v = Math.pow(1 + c * normal, 3);
            double uniform = 1 - random.nextDouble();
            if (v > 0 && Math.log(uniform) < normal * normal / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
