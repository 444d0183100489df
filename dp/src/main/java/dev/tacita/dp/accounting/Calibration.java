package dev.tacita.dp.accounting;

import java.util.OptionalLong;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;

/** From a budget to the noise that keeps it, or to the steps that it lasts for. What comes back never exceeds the budget. */
public final class Calibration {
    private static final double SMALLEST = 1e-3;
    private static final double LARGEST = 1e6;

    private Calibration() {}

    /**
     * The smallest noise multiplier whose event keeps to the budget, so close that its epsilon is within a part in 1e-4 below.
     *
     * @param accountant who judges
     * @param event the event of a noise multiplier; with more noise it must not reveal more
     * @param epsilon the target, above 0, never exceeded
     * @param delta 0 or more and below 1; 0 asks for pure epsilon
     * @return from 0.001 to 1000000
     * @throws IllegalArgumentException if not even the largest noise multiplier keeps to the budget
     */
    public static double noiseMultiplier(
            Accountant accountant, DoubleFunction<Event> event, double epsilon, double delta) {
        Ranges.aboveZero("The target epsilon", epsilon);
        Ranges.belowOne("Delta", delta);
        double low = SMALLEST;
        double tooLarge = Double.POSITIVE_INFINITY;
        double high = 1;
        double reached = epsilon(accountant, event.apply(high), delta);
        while (reached > epsilon) {
            low = high;
            tooLarge = reached;
            high *= 2;
            if (high > LARGEST) {
                throw new IllegalArgumentException("No noise multiplier up to " + LARGEST + " reaches epsilon "
                        + epsilon + " at delta " + delta + " with the " + accountant.name() + " accountant.");
            }
            reached = epsilon(accountant, event.apply(high), delta);
        }
        for (int i = 0; high - low > 1e-9 * high && reached < epsilon * (1 - 1e-5); i++) {
            double middle = i % 3 == 2 ? middle(low, high) : onLine(low, tooLarge, high, reached, epsilon * (1 - 5e-6));
            double found = epsilon(accountant, event.apply(middle), delta);
            if (found > epsilon) {
                low = middle;
                tooLarge = found;
            } else {
                high = middle;
                reached = found;
            }
        }
        return high;
    }

    private static double middle(double low, double high) {
        return low < high / 4 ? Math.sqrt(low * high) : 0.5 * (low + high);
    }

    /** Where a power of the noise through both points gives the wanted epsilon; the middle where there is no such power. */
    private static double onLine(double low, double tooLarge, double high, double reached, double wanted) {
        double share = Math.log(tooLarge / wanted) / Math.log(tooLarge / reached);
        double found = low * Math.exp(share * Math.log(high / low));
        return found > low && found < high ? found : middle(low, high);
    }

    /**
     * The most steps that keep to the budget; empty if they are more than a billion.
     *
     * @param accountant who judges
     * @param event the event of so many steps; with more of them it must not reveal less
     * @param epsilon the target, above 0, never exceeded
     * @param delta 0 or more and below 1; 0 asks for pure epsilon
     */
    public static OptionalLong steps(Accountant accountant, LongFunction<Event> event, double epsilon, double delta) {
        Ranges.aboveZero("The target epsilon", epsilon);
        Ranges.belowOne("Delta", delta);
        long enough = 0;
        long tooMany = 1;
        while (epsilon(accountant, event.apply(tooMany), delta) <= epsilon) {
            enough = tooMany;
            tooMany *= 2;
            if (tooMany > 1L << 30) {
                return OptionalLong.empty();
            }
        }
        while (tooMany - enough > 1) {
            long middle = (enough + tooMany) >>> 1;
            if (epsilon(accountant, event.apply(middle), delta) <= epsilon) {
                enough = middle;
            } else {
                tooMany = middle;
            }
        }
        return OptionalLong.of(enough);
    }

    private static double epsilon(Accountant accountant, Event event, double delta) {
        return accountant.account(event).epsilon(delta).epsilon();
    }
}
