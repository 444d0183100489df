package dev.tacita.simulations;

import dev.tacita.core.number.SeedStream;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/**
 * How long sites take for a round, in seconds that are computed and not waited for. A site trains {@code rowsPerSecond} *
 * e^(computeSpread z) rows a second and moves {@code megabitsPerSecond} * e^(linkSpread z') million bits a second over its
 * link, the model on its way to it and the contribution on its way back; z and z' are normal and drawn once for each site.
 *
 * @param rowsPerSecond of the median site, counted once for each time that a row is trained on; above 0, finite
 * @param computeSpread deviation of the logarithm, at least 0, finite; 0 for sites alike
 * @param megabitsPerSecond of the median site's link, above 0, finite
 * @param linkSpread deviation of the logarithm, at least 0, finite; 0 for links alike
 * @param deadline seconds after which a round goes on without those that are late; empty to wait for all
 */
public record VirtualClock(
        double rowsPerSecond,
        double computeSpread,
        double megabitsPerSecond,
        double linkSpread,
        OptionalDouble deadline) {
    public VirtualClock {
        above("rows-per-second", rowsPerSecond);
        atLeast("compute-spread", computeSpread);
        above("megabits-per-second", megabitsPerSecond);
        atLeast("link-spread", linkSpread);
        deadline.ifPresent(seconds -> above("deadline", seconds));
    }

    private static void above(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
        }
    }

    private static void atLeast(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be >= 0 and finite. Provided value: " + value);
        }
    }

    /**
     * How long a site takes.
     *
     * @param rows how many it trains on, each as often as it does
     * @param bytes that it receives and sends
     * @param site from which its speeds are drawn
     */
    public double seconds(long rows, long bytes, SeedStream site) {
        RandomGenerator random = site.derive("speed").random();
        double compute = rowsPerSecond * Math.exp(computeSpread * random.nextGaussian());
        double link = 1e6 / 8 * megabitsPerSecond * Math.exp(linkSpread * random.nextGaussian());
        return rows / compute + bytes / link;
    }
}
