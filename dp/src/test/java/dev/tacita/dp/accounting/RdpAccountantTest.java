package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** "Checked" figures were computed with dp-accounting 0.6.0 of PyPI; the others are those of the named projects' own tests. */
class RdpAccountantTest {
    /** The orders of Opacus and of dp-accounting. */
    private static final double[] PUBLISHED_ORDERS = DoubleStream.concat(
                    IntStream.range(1, 100).mapToDouble(i -> 1 + i / 10.0),
                    DoubleStream.concat(IntStream.range(11, 64).asDoubleStream(), DoubleStream.of(128, 256, 512, 1024)))
            .toArray();

    private static final RdpAccountant TIGHT =
            new RdpAccountant(ADD_OR_REMOVE_ONE, RdpConversion.TIGHT, PUBLISHED_ORDERS);
    private static final RdpAccountant CLASSICAL =
            new RdpAccountant(ADD_OR_REMOVE_ONE, RdpConversion.CLASSICAL, PUBLISHED_ORDERS);

    private static double epsilon(Accountant accountant, Event event, double delta) {
        return accountant.account(event).epsilon(delta).epsilon();
    }

    private static double[] divergences(NeighbouringRelation relation, Event event, double... orders) {
        return new RdpAccountant(relation, RdpConversion.TIGHT, orders)
                .account(event)
                .divergences();
    }

    @ParameterizedTest
    @CsvSource({
        "0.01, 4, 10000, 1.2586, 1.0355",
        "0.00426666666666667, 1.1, 14062, 3.0091, 2.5970",
        "0.004, 1.3, 3750, 1.1597, 0.9220",
        "0.0025, 1.3, 6000, 0.9419, 0.7242",
        "0.04, 1.5, 2250, 8.0797, 7.3299"
    })
    void a2GivesBothConversionsThatAreInTheWild(double rate, double noise, long steps, double old, double tight) {
        double[] whole = IntStream.rangeClosed(2, 512).asDoubleStream().toArray();
        Event event = Event.dpSgd(rate, noise, steps);
        assertThat(epsilon(new RdpAccountant(ADD_OR_REMOVE_ONE, RdpConversion.CLASSICAL, whole), event, 1e-5))
                .isCloseTo(old, within(6e-5));
        assertThat(epsilon(new RdpAccountant(ADD_OR_REMOVE_ONE, RdpConversion.TIGHT, whole), event, 1e-5))
                .isCloseTo(tight, within(6e-5));
    }

    @Test
    void agreesWithTheDivergencesOfDpAccounting() {
        double[] found =
                divergences(ADD_OR_REMOVE_ONE, Event.dpSgd(0.01, 2.5, 50), 5, 50, 100, Double.POSITIVE_INFINITY);
        assertThat(found[0]).isCloseTo(2.18075656e-3, withinPercentage(1e-2));
        assertThat(found[1]).isCloseTo(2.38460375e-2, withinPercentage(1e-2));
        assertThat(found[2]).isCloseTo(167.416308, withinPercentage(1e-2));
        assertThat(found[3]).isInfinite();
    }

    /** By mpmath's quadrature with 30 digits; dp-accounting's test has 6.70579741e-4 and 1.08548710e-3, too large by its cut of the series. */
    @Test
    void smallFractionalOrdersAreExact() {
        double[] found = divergences(ADD_OR_REMOVE_ONE, Event.dpSgd(0.01, 2.5, 50), 1.5, 2.5);
        assertThat(found[0]).isCloseTo(6.500708971880397E-4, withinPercentage(1e-7));
        assertThat(found[1]).isCloseTo(1.0854180569181E-3, withinPercentage(1e-7));
    }

    @Test
    void agreesOnLaplaceWithTheCheckedDivergences() {
        double[] found = divergences(ADD_OR_REMOVE_ONE, new Event.Laplace(0.7), 1.5, 2.5, 3, 5, 20, 50);
        double[] checked = {
            0.8911338073004242,
            1.116553774146568,
            1.1734220440566399,
            1.281625283832731,
            1.3934225142253416,
            1.414630676638644
        };
        assertThat(found).containsExactly(checked, within(1e-12));
    }

    /** Theorem 9 of Wang et al. for any mechanism, checked against theorem 27 for the Gaussian one: the same to order 2, looser above. */
    @Test
    void agreesOnSamplesWithoutReplacementWithTheCheckedDivergences() {
        Event event = new Event.SampledWithoutReplacement(1000, 50, new Event.Gaussian(2));
        double[] found = divergences(REPLACE_ONE, event, 1.5, 2, 3, 5, 20, 50);
        double[] checked = {
            0.0028362282662636224,
            0.0028362282662636224,
            0.0043542507255702806,
            0.00757241416054191,
            0.03598016015395447,
            3.207373909835161
        };
        assertThat(found[0]).isCloseTo(checked[0], withinPercentage(1e-6));
        assertThat(found[1]).isCloseTo(checked[1], withinPercentage(1e-6));
        for (int i = 2; i < found.length; i++) {
            assertThat(found[i]).isBetween(checked[i] * (1 - 1e-9), checked[i] * 1.5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1e-6, 0.1, 256",
        "1e-6, 1, 27",
        "1e-3, 1, 2",
        "0.01, 10, 20",
        "0.99, 0.1, 60",
        "0.4, 12, 59",
        "0.04, 1.5, 11"
    })
    void theIntegralOfAnyOrderMeetsTheSumOfWholeOrders(double rate, double noise, double order) {
        double bySum = RenyiDivergence.poissonGaussian(rate, noise, order);
        double byIntegral = RenyiDivergence.anyOrder(rate, noise, order) / (order - 1);
        assertThat(byIntegral).isCloseTo(bySum, within(1e-12 + 1e-10 * bySum));
    }

    /** The same integral with an eighth of the step, by Simpson's rule, over a wider range: nothing shared but the definition. */
    @ParameterizedTest
    @CsvSource({"1e-4, 1, 1.5", "0.1, 1, 1.1", "0.1, 100, 20.5", "0.4, 12, 58.5", "0.3, 0.5, 3.7", "0.999, 100, 256.1"})
    void fractionalOrdersAreTheIntegralThatDefinesThem(double rate, double noise, double order) {
        double from = -15 * noise;
        double to = order + 1 + 15 * noise;
        int points = 200_000;
        double step = (to - from) / points;
        double peak = RenyiDivergence.anyOrder(rate, noise, order);
        double sum = 0;
        for (int i = 0; i <= points; i++) {
            double z = from + i * step;
            double odds = rate * Math.exp((2 * z - 1) / (2 * noise * noise));
            double log = order * Math.log1p(odds - rate) - z * z / (2 * noise * noise);
            sum += Math.exp(log - peak) * (i == 0 || i == points ? 1 : i % 2 == 1 ? 4 : 2);
        }
        double integral = peak + Math.log(sum * step / 3 / (noise * Math.sqrt(2 * Math.PI)));
        assertThat(peak).isPositive().isCloseTo(integral, within(1e-11 + 1e-9 * integral));
    }

    @Test
    void composingGaussiansAddsTheirPrecisions() {
        Event several = Event.of(new Event.Gaussian(2), new Event.Gaussian(3).times(4));
        Event one = new Event.Gaussian(1 / Math.sqrt(1.0 / 4 + 4.0 / 9));
        assertThat(epsilon(TIGHT, several, 1e-6)).isCloseTo(epsilon(TIGHT, one, 1e-6), within(1e-12));
        Event sampled = new Event.PoissonSampled(0.1, several);
        assertThat(epsilon(TIGHT, sampled, 1e-6))
                .isCloseTo(epsilon(TIGHT, new Event.PoissonSampled(0.1, one), 1e-6), within(1e-12));
    }

    @Test
    void aDeltaOfAnEventIsSpentFirst() {
        Event event = Event.of(new Event.EpsilonDelta(0, 0.01), new Event.Gaussian(1));
        double alone = epsilon(TIGHT, new Event.Gaussian(1), 1 - (1 - 0.02) / (1 - 0.01));
        assertThat(epsilon(TIGHT, event, 0.02)).isCloseTo(alone, within(1e-9));
        assertThat(epsilon(TIGHT, event, 0.005)).isInfinite();
        Event ten = new Event.EpsilonDelta(0, 0.001).times(10);
        assertThat(TIGHT.account(ten).delta(1).delta()).isCloseTo(1 - Math.pow(0.999, 10), within(1e-14));
    }

    @Test
    void whatRevealsNothingCostsNothingAndWhatRevealsAllCostsAll() {
        assertThat(epsilon(TIGHT, Event.dpSgd(0, 0, 10), 1e-5)).isZero();
        assertThat(epsilon(TIGHT, Event.dpSgd(0.1, 1, 0), 1e-5)).isZero();
        assertThat(TIGHT.account(new Event.Nothing()).delta(0).delta()).isZero();
        assertThat(epsilon(TIGHT, new Event.Gaussian(0), 1e-5)).isInfinite();
        assertThat(epsilon(TIGHT, new Event.NonPrivate(), 1e-5)).isInfinite();
        assertThat(epsilon(TIGHT, Event.dpSgd(0.1, 0, 1), 1e-5)).isInfinite();
        assertThat(epsilon(TIGHT, Event.dpSgd(0.1, 1, 1), 0)).isInfinite();
        assertThat(epsilon(TIGHT, Event.dpSgd(0.1, 1, 1), 1)).isZero();
    }

    @Test
    void anEventItCannotTakeIsRefusedWithItsPlace() {
        Event event = Event.of(
                new Event.Gaussian(1),
                new Event.PoissonSampled(0.1, new Event.Laplace(1)),
                new Event.SampledWithoutReplacement(10, 2, new Event.Gaussian(1)));
        assertThatThrownBy(() -> TIGHT.account(event))
                .isInstanceOf(UnsupportedEventException.class)
                .hasMessageContaining("RDP accountant for neighbours that add or remove one")
                .hasMessageContaining("event.events[1]: Of Poisson-sampled events it takes Gaussian ones, not Laplace")
                .hasMessageContaining(
                        "event.events[2]: It takes sampling without replacement for neighbours that replace one");
        assertThatThrownBy(() -> new RdpAccountant(REPLACE_ONE).account(Event.dpSgd(0.1, 1, 1)))
                .isInstanceOf(UnsupportedEventException.class)
                .hasMessageContaining("Poisson sampling for neighbours that add or remove one or zero out one only");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aRateOutsideItsRangeIsRefused(double rate) {
        assertThatThrownBy(() -> new Event.PoissonSampled(rate, new Event.Gaussian(1)))
                .hasMessageContaining("must lie from 0 to 1; it is " + rate);
        assertThatThrownBy(() -> TIGHT.account(new Event.Gaussian(1)).epsilon(rate))
                .hasMessageContaining("Delta");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void aNoiseMultiplierOutsideItsRangeIsRefused(double noise) {
        assertThatThrownBy(() -> new Event.Gaussian(noise)).hasMessageContaining("0 or more; it is " + noise);
    }

    @Test
    void epsilonGrowsWithStepsAndRateAndFallsWithNoiseAndDelta() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            double rate = Math.pow(10, -4 * random.nextDouble());
            double noise = 0.5 + 5 * random.nextDouble();
            long steps = 1L + random.nextInt(10000);
            double delta = Math.pow(10, -3 - 5 * random.nextDouble());
            double epsilon = epsilon(TIGHT, Event.dpSgd(rate, noise, steps), delta);
            String where = "seed " + seed + ", case " + i;
            assertThat(epsilon(TIGHT, Event.dpSgd(rate, noise, 2 * steps), delta))
                    .as(where)
                    .isGreaterThanOrEqualTo(epsilon - 1e-12);
            assertThat(epsilon(TIGHT, Event.dpSgd(Math.min(1, 1.3 * rate), noise, steps), delta))
                    .as(where)
                    .isGreaterThanOrEqualTo(epsilon - 1e-12);
            assertThat(epsilon(TIGHT, Event.dpSgd(rate, 1.3 * noise, steps), delta))
                    .as(where)
                    .isLessThanOrEqualTo(epsilon + 1e-12);
            assertThat(epsilon(TIGHT, Event.dpSgd(rate, noise, steps), 2 * delta))
                    .as(where)
                    .isLessThanOrEqualTo(epsilon + 1e-12);
            assertThat(epsilon(CLASSICAL, Event.dpSgd(rate, noise, steps), delta))
                    .as(where)
                    .isGreaterThanOrEqualTo(epsilon - 1e-12);
            Guarantee back = TIGHT.account(Event.dpSgd(rate, noise, steps)).delta(epsilon);
            assertThat(back.delta()).as(where).isLessThanOrEqualTo(delta * (1 + 1e-6));
        }
    }

    @Test
    void neitherOrderNorBracketsOfACompositionMatter() {
        Event a = Event.dpSgd(0.01, 1.1, 30);
        Event b = new Event.Laplace(4);
        Event c = new Event.ZeroConcentrated(0.02);
        double epsilon = epsilon(TIGHT, Event.of(a, b, c, a), 1e-5);
        assertThat(epsilon(TIGHT, Event.of(c, Event.of(a.times(2), b)), 1e-5)).isCloseTo(epsilon, within(1e-12));
    }
}
