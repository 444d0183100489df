package dev.tacita.dp.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.dp.accounting.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTextTest {
    /** Of each kind of event one. */
    static final List<Event> KINDS = List.of(
            new Event.Nothing(),
            new Event.NonPrivate(),
            new Event.Gaussian(1.1),
            new Event.Laplace(0.5),
            new Event.EpsilonDelta(0.3, 1e-7),
            new Event.ZeroConcentrated(0.125),
            new Event.DiscreteLaplace(0.7, 3),
            new Event.DiscreteGaussian(11.5, 4),
            new Event.RandomizedResponse(0.3, 10),
            new Event.ExponentialChoice(0.9),
            new Event.PermuteAndFlipChoice(0.8),
            new Event.MixtureOfGaussians(1.5, List.of(0.0, 1.0, 2.0), List.of(0.25, 0.5, 0.25)),
            new Event.TruncatedSampledGaussian(1000, 0.25, 300, 1.75),
            new Event.TreeAggregation(8.83, List.of(1600L, 12L)),
            new Event.MatrixFactorization(4.5, 2.25),
            new Event.RepeatAndSelect(new Event.EpsilonDelta(0.5, 0), 10, Double.POSITIVE_INFINITY),
            new Event.PoissonSampled(0.01, new Event.Gaussian(1.3)),
            new Event.SampledWithoutReplacement(60000, 256, new Event.Gaussian(2)),
            Event.of(new Event.Gaussian(3), new Event.Laplace(4)),
            new Event.Laplace(12).times(30));

    @Test
    void everyKindOfEventHasAText() {
        assertThat(kinds(KINDS)).isEqualTo(Set.of(Event.class.getPermittedSubclasses()));
        assertThat(KINDS)
                .allSatisfy(event ->
                        assertThat(EventText.read(EventText.write(event))).isEqualTo(event));
    }

    @Test
    void treesOfEventsComeBackToTheLastBit() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Event event = tree(random, 4);
            String text = EventText.write(event);
            assertThat(EventText.read(text)).as("seed %s: %s", seed, text).isEqualTo(event);
            assertThat(text).as("seed %s", seed).doesNotContain(" ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                1e-5,
                0.1,
                0x1.52d02c7e14af6p76,
                2e-3,
                9007199254740992.0,
                0,
                1e22,
                123456789
            })
    void everyNumberComesBackToTheLastBit(double number) {
        assertThat(EventText.read(EventText.write(new Event.Gaussian(number)))).isEqualTo(new Event.Gaussian(number));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "skellam(1.0)                | 'skellam' is not one that this version knows",
                "gaussian                    | 'gaussian' has only 0 components",
                "gaussian()                  | brackets without components",
                "nothing()                   | brackets without components",
                "gaussian(1.0,2.0)           | 'gaussian' has 1 components more",
                "gaussian(1)                 | must be a number with a point",
                "gaussian(0x1.0p3)           | must be a number with a point",
                "gaussian(1.0d)              | must be a number with a point",
                "gaussian(NaN)               | must be a number with a point",
                "gaussian( 1.0)              | must be a number with a point",
                "gaussian(-1.0)              | must be a finite number of 0 or more; it is -1.0",
                "gaussian(Infinity)          | must be a finite number of 0 or more; it is Infinity",
                "gaussian(1.0E999)           | must be a finite number of 0 or more; it is Infinity",
                "gaussian([1.0])             | must be a number with a point",
                "gaussian(1.0                | ')' was expected at character 13",
                "gaussian(1.0))              | not more, at character 14",
                "gaussian(1.0)x              | not more, at character 14",
                "poisson(0.1,2.0)            | component 2 of 'poisson' must be an event",
                "poisson(1.5,gaussian(1.0))  | must lie from 0 to 1; it is 1.5",
                "poisson(0.1,)               | something is missing at character 13",
                "repeated(gaussian(1.0),1.0) | must be a whole number",
                "repeated(gaussian(1.0),-1)  | 0 times or more; here it is -1",
                "composed(gaussian(1.0))     | component 1 of 'composed' must be a list",
                "randomised-response(0.1,99999999999) | integer overflow",
                "1.0                         | one event was expected",
                "[]                          | one event was expected"
            })
    void whatIsNoEventIsRefused(String text, String why) {
        assertThatThrownBy(() -> EventText.read(text))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class)
                .hasMessageContaining(why);
    }

    @Test
    void eventsThatStandTooDeepInEachOtherAreRefused() {
        assertThatThrownBy(() -> EventText.read("composed([".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("50 deep");
    }

    private static Set<Class<?>> kinds(List<Event> events) {
        return events.stream().map(Event::getClass).collect(Collectors.toSet());
    }

    private static Event tree(Random random, int depth) {
        List<Function<Random, Event>> leaves = List.of(
                r -> new Event.Nothing(),
                r -> new Event.Gaussian(number(r)),
                r -> new Event.EpsilonDelta(number(r), r.nextDouble()),
                r -> new Event.TreeAggregation(
                        number(r),
                        List.of(1 + r.nextInt(9) * 1L, 1L + r.nextInt()).stream()
                                .map(Math::abs)
                                .map(count -> Math.max(1, count))
                                .toList()));
        if (depth == 0) {
            return leaves.get(random.nextInt(leaves.size())).apply(random);
        }
        return switch (random.nextInt(5)) {
            case 0 -> new Event.PoissonSampled(random.nextDouble(), tree(random, depth - 1));
            case 1 -> tree(random, depth - 1).times(random.nextLong(Long.MAX_VALUE));
            case 2 -> new Event.RepeatAndSelect(tree(random, depth - 1), 1 + number(random), number(random));
            case 3 ->
                new Event.Composed(new ArrayList<>(Arrays.asList(Stream.generate(() -> tree(random, depth - 1))
                        .limit(random.nextInt(4))
                        .toArray(Event[]::new))));
            default -> leaves.get(random.nextInt(leaves.size())).apply(random);
        };
    }

    private static double number(Random random) {
        double number = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
        return Double.isFinite(number) ? number : 1;
    }
}
