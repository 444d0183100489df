package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.ZERO_OUT_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Pairs of neighbours against the definition of delta: the sum, or the integral, of what the one likelihood exceeds the other by. */
class LossSourceTest {
    private static final double[] EPSILONS = {0, 0.3, 1, 2.5, 4};

    /** All samples of four records, cut to two, for every way that the other three can add -1, 0 or 1. */
    @Test
    void noNeighboursOfATruncatedSampleAreWorseThanItsPair() {
        double rate = 0.5;
        int largest = 2;
        PldLoss loss =
                new PldAccountant(ADD_OR_REMOVE_ONE).account(new Event.TruncatedSampledGaussian(4, rate, largest, 1));
        double closest = Double.POSITIVE_INFINITY;
        for (int code = 0; code < 27; code++) {
            int[] others = {code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1};
            Map<Integer, Double> without = sums(others, rate, largest);
            Map<Integer, Double> with = sums(new int[] {others[0], others[1], others[2], 1}, rate, largest);
            for (double epsilon : EPSILONS) {
                double bound = loss.delta(epsilon).delta();
                double worst = Math.max(delta(with, without, epsilon), delta(without, with, epsilon));
                assertThat(worst).as("records %d, epsilon %s", code, epsilon).isLessThanOrEqualTo(bound + 1e-9);
                closest = Math.min(closest, bound - worst);
            }
        }
        assertThat(closest).as("some neighbours come near the bound").isLessThan(0.02);
    }

    @Test
    void aDiscreteGaussianIsTheSumOverItsIntegers() {
        double sigma = 2.3;
        int sensitivity = 3;
        PldLoss loss = new PldAccountant(REPLACE_ONE).account(new Event.DiscreteGaussian(sigma, sensitivity));
        double total = 0;
        for (int k = -60; k <= 60; k++) {
            total += weight(k, sigma);
        }
        for (double epsilon : EPSILONS) {
            double exact = 0;
            for (int k = -60; k <= 60; k++) {
                double excess = weight(k, sigma) - Math.exp(epsilon) * weight(k + sensitivity, sigma);
                exact += Math.max(0, excess) / total;
            }
            double found = loss.delta(epsilon).delta();
            assertThat(found).as("epsilon %s", epsilon).isBetween(exact - 1e-14, exact * 1.001 + 1e-9);
        }
        double continuous = AnalyticGaussian.epsilon(sigma / sensitivity, 1e-6);
        double discrete = loss.epsilon(1e-6).epsilon();
        assertThat(discrete).isBetween(continuous * 0.97, continuous * 1.03);
    }

    @Test
    void aRandomisedAnswerIsTheSumOverItsChoices() {
        Event event = new Event.RandomizedResponse(0.4, 5);
        for (double epsilon : new double[] {0, 0.5, 1, 1.5}) {
            double replaced = Math.max(0, 0.68 - Math.exp(epsilon) * 0.08);
            double cleared = Math.max(
                    Math.max(0, 0.68 - Math.exp(epsilon) * 0.2), 4 * Math.max(0, 0.2 - Math.exp(epsilon) * 0.08));
            assertThat(new PldAccountant(REPLACE_ONE)
                            .account(event)
                            .delta(epsilon)
                            .delta())
                    .isBetween(replaced - 1e-12, replaced + 1e-4);
            assertThat(new PldAccountant(ZERO_OUT_ONE)
                            .account(event)
                            .delta(epsilon)
                            .delta())
                    .isBetween(cleared - 1e-12, cleared + 1e-4);
        }
        assertThat(Event.RandomizedResponse.of(2, 5).noise()).isEqualTo(5 / (Math.exp(2) + 4));
    }

    @Test
    void aMixtureOfTwoPlacesIsAPoissonSample() {
        Event mixture = new Event.MixtureOfGaussians(2, List.of(0.0, 1.0, 1.0), List.of(0.9, 0.04, 0.06));
        Event sample = Event.dpSgd(0.1, 2, 40);
        double expected = new PldAccountant(ADD_OR_REMOVE_ONE)
                .account(sample)
                .epsilon(1e-6)
                .epsilon();
        double found = new PldAccountant(ADD_OR_REMOVE_ONE)
                .account(mixture.times(40))
                .epsilon(1e-6)
                .epsilon();
        assertThat(found).isBetween(expected * (1 - 1e-9), expected * (1 + 1e-9));
    }

    @Test
    void discreteLaplaceDivergencesAreTheSumOverItsIntegers() {
        for (long sensitivity : new long[] {1, 2, 7}) {
            for (double order : new double[] {1.3, 2, 9.5, 40}) {
                double rate = 1.4 / sensitivity;
                double sum = 0;
                for (int k = -800; k <= 800; k++) {
                    sum += Math.tanh(rate / 2)
                            * Math.exp(-order * rate * Math.abs(k) + (order - 1) * rate * Math.abs(k - sensitivity));
                }
                assertThat(RenyiDivergence.discreteLaplace(1.4, sensitivity, order))
                        .as("sensitivity %d, order %s", sensitivity, order)
                        .isCloseTo(Math.log(sum) / (order - 1), within(1e-11));
            }
        }
    }

    private static double weight(int k, double sigma) {
        return Math.exp(-k * (double) k / (2 * sigma * sigma));
    }

    /** The probability of each sum of a truncated Poisson sample. */
    private static Map<Integer, Double> sums(int[] records, double rate, int largest) {
        Map<Integer, Double> sums = new TreeMap<>();
        for (int sample = 0; sample < 1 << records.length; sample++) {
            int size = Integer.bitCount(sample);
            double probability = Math.pow(rate, size) * Math.pow(1 - rate, records.length - size);
            int kept = 0;
            for (int part = 0; part < 1 << records.length; part++) {
                kept += isPart(part, sample, Math.min(size, largest)) ? 1 : 0;
            }
            for (int part = 0; part < 1 << records.length; part++) {
                if (isPart(part, sample, Math.min(size, largest))) {
                    int sum = 0;
                    for (int i = 0; i < records.length; i++) {
                        sum += (part >> i & 1) * records[i];
                    }
                    sums.merge(sum, probability / kept, Double::sum);
                }
            }
        }
        return sums;
    }

    private static boolean isPart(int part, int sample, int size) {
        return (part & ~sample) == 0 && Integer.bitCount(part) == size;
    }

    private static double delta(Map<Integer, Double> first, Map<Integer, Double> second, double epsilon) {
        double sum = 0;
        for (double x = -12; x <= 12; x += 0.005) {
            sum += 0.005 * Math.max(0, density(first, x) - Math.exp(epsilon) * density(second, x));
        }
        return sum;
    }

    private static double density(Map<Integer, Double> mixture, double x) {
        double sum = 0;
        for (Map.Entry<Integer, Double> each : mixture.entrySet()) {
            double z = x - each.getKey();
            sum += each.getValue() * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        }
        return sum;
    }
}
