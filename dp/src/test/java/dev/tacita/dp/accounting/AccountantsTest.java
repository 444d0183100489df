package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.ZERO_OUT_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Scenarios A3 to A9 of the black-box list, and which accountant takes which event. */
class AccountantsTest {
    private static final Event HETEROGENEOUS =
            Event.of(Event.dpSgd(0.005, 0.8, 100), new Event.Gaussian(8).times(200), new Event.Laplace(10).times(100));

    private static double epsilon(Accountant accountant, Event event, double delta) {
        return accountant.account(event).epsilon(delta).epsilon();
    }

    @Test
    void a3EpsilonIsMonotoneAndTighterAccountantsAreTighter() {
        long seed = 3;
        Random random = new Random(seed);
        PldAccountant pld = new PldAccountant(ADD_OR_REMOVE_ONE);
        RdpAccountant rdp = new RdpAccountant(ADD_OR_REMOVE_ONE);
        for (int i = 0; i < 6; i++) {
            double rate = Math.pow(10, -3 * random.nextDouble());
            double noise = 0.6 + 3 * random.nextDouble();
            long steps = 1L + random.nextInt(2000);
            double delta = Math.pow(10, -4 - 4 * random.nextDouble());
            String where = "seed " + seed + ", case " + i;
            double found = epsilon(pld, Event.dpSgd(rate, noise, steps), delta);
            double slack = 2e-3 * found;
            assertThat(epsilon(pld, Event.dpSgd(rate, noise, 2 * steps), delta))
                    .as(where)
                    .isGreaterThan(found - slack);
            assertThat(epsilon(pld, Event.dpSgd(Math.min(1, 1.3 * rate), noise, steps), delta))
                    .as(where)
                    .isGreaterThan(found - slack);
            assertThat(epsilon(pld, Event.dpSgd(rate, 1.3 * noise, steps), delta))
                    .as(where)
                    .isLessThan(found + slack);
            assertThat(epsilon(pld, Event.dpSgd(rate, noise, steps), 2 * delta))
                    .as(where)
                    .isLessThan(found + slack);
            assertThat(epsilon(rdp, Event.dpSgd(rate, noise, steps), delta))
                    .as(where)
                    .isGreaterThan(found - slack);
        }
    }

    @Test
    void a4BoundsOfManyGaussiansEncloseTheExactValue() {
        Event gaussians = new Event.Gaussian(100).times(10_000);
        Event sampled = new Event.PoissonSampled(1 - 1e-12, new Event.Gaussian(100)).times(10_000);
        double exact = AnalyticGaussian.epsilon(1, 1e-5);
        for (Event event : List.of(gaussians, sampled)) {
            EpsilonRange prv =
                    new PrvAccountant(ADD_OR_REMOVE_ONE).account(event).epsilonRange(1e-5);
            assertThat(prv.lower()).isBetween(exact * 0.99, exact);
            assertThat(prv.upper()).isBetween(exact, exact * 1.01);
            EpsilonRange pld =
                    new PldAccountant(ADD_OR_REMOVE_ONE).account(event).epsilonRange(1e-5);
            assertThat(pld.lower()).isLessThanOrEqualTo(exact * (1 + 1e-9));
            assertThat(pld.upper()).isBetween(exact * (1 - 1e-9), exact * 1.002);
        }
    }

    @Test
    void a7HeterogeneousEventsHaveOrderedBounds() {
        double rdp = epsilon(
                new RdpAccountant(ADD_OR_REMOVE_ONE),
                Event.of(
                        Event.dpSgd(0.005, 0.8, 100),
                        new Event.Gaussian(8).times(200),
                        new Event.Laplace(10).times(100)),
                1e-6);
        PldLoss pld = new PldAccountant(ADD_OR_REMOVE_ONE).account(HETEROGENEOUS);
        PrvLoss prv = new PrvAccountant(ADD_OR_REMOVE_ONE).account(HETEROGENEOUS);
        EpsilonRange range = prv.epsilonRange(1e-6);
        double estimate = prv.estimate(1e-6);
        assertThat(pld.epsilonRange(1e-6).lower()).isLessThanOrEqualTo(estimate * (1 + 1e-6));
        assertThat(range.lower()).isLessThan(estimate);
        assertThat(pld.epsilon(1e-6).epsilon())
                .isBetween(range.lower(), range.upper())
                .isBetween(estimate * 0.999, estimate * 1.002);
        assertThat(range.upper()).isBetween(estimate, rdp);
        assertThat(rdp).isGreaterThan(pld.epsilon(1e-6).epsilon());
    }

    /** The loss is on [-0.1, 0.1] with atoms at its ends; put on a grid of 1e-5 and convolved, it gives 4.6926674. */
    @Test
    void aHundredLaplaceEventsAreNeverBelowASumOverAFineGrid() {
        Event event = new Event.Laplace(10).times(100);
        double oracle = 4.6926674;
        assertThat(epsilon(new PldAccountant(ADD_OR_REMOVE_ONE), event, 1e-6)).isBetween(oracle, oracle + 1e-4);
        PrvLoss prv = new PrvAccountant(ADD_OR_REMOVE_ONE).account(event);
        assertThat(prv.epsilonRange(1e-6).lower()).isLessThan(oracle);
        assertThat(prv.epsilonRange(1e-6).upper()).isGreaterThan(oracle);
    }

    @Test
    void a8ExtremesAreExactAndNeverNotANumber() {
        for (Accountant accountant : all(ADD_OR_REMOVE_ONE)) {
            String name = accountant.name();
            assertThat(epsilon(accountant, new Event.Nothing(), 0)).as(name).isZero();
            assertThat(epsilon(accountant, new Event.Gaussian(1).times(0), 1e-5))
                    .as(name)
                    .isZero();
            assertThat(epsilon(accountant, new Event.Gaussian(0), 1e-5))
                    .as(name)
                    .isInfinite();
            assertThat(epsilon(accountant, new Event.NonPrivate(), 1e-5))
                    .as(name)
                    .isInfinite();
            assertThat(epsilon(accountant, new Event.NonPrivate(), 1)).as(name).isZero();
            assertThat(epsilon(accountant, new Event.Gaussian(1), 0)).as(name).isInfinite();
            assertThat(epsilon(accountant, new Event.Gaussian(1), 1)).as(name).isZero();
            assertThat(accountant.account(new Event.NonPrivate()).delta(3).delta())
                    .as(name)
                    .isEqualTo(1);
            assertThat(accountant.account(new Event.Nothing()).delta(3).delta())
                    .as(name)
                    .isZero();
            assertThatThrownBy(() -> accountant.account(new Event.Gaussian(1)).epsilon(Double.NaN))
                    .hasMessage("Delta must lie from 0 to 1; it is NaN.");
            assertThatThrownBy(() -> accountant.account(new Event.Gaussian(1)).delta(-1))
                    .hasMessage("Epsilon must be a finite number of 0 or more; it is -1.0.");
        }
    }

    @Test
    void badInputIsOneSentence() {
        assertThatThrownBy(() -> Event.dpSgd(1.1, 1, 1))
                .hasMessage("The rate of Poisson sampling must lie from 0 to 1; it is 1.1.");
        assertThatThrownBy(() -> Event.dpSgd(0.1, -1, 1))
                .hasMessage(
                        "The noise multiplier of a Gaussian event must be a finite number of 0 or more; it is -1.0.");
        assertThatThrownBy(() -> Calibration.noiseMultiplier(
                        Accountants.tightest(ADD_OR_REMOVE_ONE), Event.Gaussian::new, 0, 1e-5))
                .hasMessage("The target epsilon must be a finite number above 0; it is 0.0.");
        assertThatThrownBy(() ->
                        Calibration.noiseMultiplier(Accountants.tightest(ADD_OR_REMOVE_ONE), Event.Gaussian::new, 1, 1))
                .hasMessage("Delta must be 0 or more and below 1; it is 1.0.");
        assertThatThrownBy(() -> new Event.RepeatAndSelect(new Event.Gaussian(1), 0.5, 1))
                .hasMessageContaining("must be a finite number of 1 or more; it is 0.5.");
        assertThatThrownBy(() -> new Event.MixtureOfGaussians(1, List.of(0.0), List.of(0.5)))
                .hasMessageContaining("must add up to 1; their sum is 0.5.");
        assertThatThrownBy(() -> new Event.TreeAggregation(1, List.of(0L)))
                .hasMessage("The steps of each tree must be 1 or more; it is 0.");
        assertThatThrownBy(() -> StrategySensitivity.toeplitz(new double[] {1, 2}, 3, 1, 1))
                .hasMessage("The coefficients of a strategy must not grow; 1.0 is followed by 2.0.");
    }

    @Test
    void a9NeighboursThatDoNotFitAreRefusedByEveryAccountant() {
        for (Accountant accountant : all(REPLACE_ONE)) {
            assertThatThrownBy(() -> accountant.account(Event.dpSgd(0.1, 1, 1)))
                    .isInstanceOf(UnsupportedEventException.class)
                    .hasMessageContaining(
                            "It takes Poisson sampling for neighbours that add or remove one or zero out one only.");
        }
        for (Accountant accountant : all(ADD_OR_REMOVE_ONE)) {
            assertThatThrownBy(() -> accountant.account(new Event.TreeAggregation(1, List.of(8L))))
                    .isInstanceOf(UnsupportedEventException.class)
                    .hasMessageContaining("It takes tree aggregation for neighbours that zero out one only.");
        }
    }

    @Test
    void theTightestNamesItsAccountant() {
        Accountant tightest = Accountants.tightest(ADD_OR_REMOVE_ONE);
        Guarantee gaussian = tightest.account(new Event.Gaussian(2).times(3)).epsilon(1e-6);
        assertThat(gaussian.accountant()).isEqualTo("GDP");
        assertThat(gaussian.epsilon()).isEqualTo(AnalyticGaussian.epsilon(2 / Math.sqrt(3), 1e-6));
        Guarantee sampled = tightest.account(Event.dpSgd(0.01, 1.1, 1000)).epsilon(1e-6);
        assertThat(sampled.accountant()).isEqualTo("PLD");
        assertThat(sampled.bound()).isTrue();
        assertThat(tightest.account(Event.of(Event.dpSgd(0.01, 1.1, 10), new Event.ZeroConcentrated(0.1)))
                        .epsilon(1e-6)
                        .accountant())
                .isEqualTo("RDP");
        assertThat(tightest.account(new Event.ZeroConcentrated(0.1))
                        .epsilon(1e-6)
                        .accountant())
                .isEqualTo("zCDP");
        assertThatThrownBy(() -> tightest.account(
                        Event.of(new Event.ZeroConcentrated(1), new Event.TruncatedSampledGaussian(10, 0.1, 2, 1))))
                .hasMessageContaining("tightest accountant")
                .hasMessageContaining("event.events[0]: PLD: ")
                .hasMessageContaining("event.events[1]: RDP: ");
    }

    /** Random strategies of few steps against every set of steps that a record may take part in. */
    @Test
    void theWorstParticipationOfAStrategyIsTheEarliest() {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 30; i++) {
            int steps = 3 + random.nextInt(7);
            int participations = 1 + random.nextInt(3);
            int separation = 1 + random.nextInt(4);
            double[] coefficients = new double[1 + random.nextInt(steps)];
            double value = 1;
            for (int c = 0; c < coefficients.length; c++) {
                coefficients[c] = value;
                value *= random.nextDouble();
            }
            double worst = 0;
            for (int set = 1; set < 1 << steps; set++) {
                if (allowed(set, participations, separation)) {
                    worst = Math.max(worst, norm(set, coefficients, steps));
                }
            }
            assertThat(StrategySensitivity.toeplitz(coefficients, steps, participations, separation))
                    .as("seed %d, case %d", seed, i)
                    .isBetween(worst - 1e-12, worst + 1e-12);
        }
        assertThat(StrategySensitivity.squareRoot(8))
                .containsExactly(1, .5, .375, .3125, .2734375, .24609375, .2255859375, .20947265625);
    }

    private static boolean allowed(int set, int participations, int separation) {
        int last = -separation;
        for (int step = 0; step < 32; step++) {
            if ((set >> step & 1) == 1) {
                if (step - last < separation) {
                    return false;
                }
                last = step;
            }
        }
        return Integer.bitCount(set) <= participations;
    }

    private static double norm(int set, double[] coefficients, int steps) {
        double squares = 0;
        for (int row = 0; row < steps; row++) {
            double sum = 0;
            for (int column = 0; column <= row; column++) {
                boolean takesPart = (set >> column & 1) == 1 && row - column < coefficients.length;
                sum += takesPart ? coefficients[row - column] : 0;
            }
            squares += sum * sum;
        }
        return Math.sqrt(squares);
    }

    @Test
    void theDocumentSaysWhoTakesWhat() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "privacy-accounting.md"));
        assertThat(lines).containsSubsequence(table());
    }

    /** For every event the accountants that take it for some neighbours, with the letters of those neighbours. */
    private static List<String> table() {
        Map<String, Event> events = new LinkedHashMap<>();
        Event gaussian = new Event.Gaussian(1);
        events.put("Gaussian", gaussian);
        events.put("Laplace", new Event.Laplace(1));
        events.put("DiscreteGaussian", new Event.DiscreteGaussian(2, 1));
        events.put("DiscreteLaplace", new Event.DiscreteLaplace(1, 1));
        events.put("EpsilonDelta, delta 0", new Event.EpsilonDelta(1, 0));
        events.put("EpsilonDelta, delta above 0", new Event.EpsilonDelta(1, 1e-6));
        events.put("ZeroConcentrated", new Event.ZeroConcentrated(1));
        events.put("ExponentialChoice", new Event.ExponentialChoice(1));
        events.put("PermuteAndFlipChoice", new Event.PermuteAndFlipChoice(1));
        events.put("RandomizedResponse", new Event.RandomizedResponse(0.5, 3));
        events.put("PoissonSampled Gaussian", Event.dpSgd(0.1, 1, 1));
        events.put("PoissonSampled Laplace", new Event.PoissonSampled(0.1, new Event.Laplace(1)));
        events.put("SampledWithoutReplacement", new Event.SampledWithoutReplacement(10, 2, gaussian));
        events.put("TruncatedSampledGaussian", new Event.TruncatedSampledGaussian(10, 0.1, 3, 1));
        events.put("MixtureOfGaussians", new Event.MixtureOfGaussians(1, List.of(0.0, 1.0), List.of(0.5, 0.5)));
        events.put("TreeAggregation", new Event.TreeAggregation(1, List.of(8L)));
        events.put("MatrixFactorization", new Event.MatrixFactorization(1, 2));
        events.put("RepeatAndSelect", new Event.RepeatAndSelect(gaussian, 10, 1));
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, Event> each : events.entrySet()) {
            List<Function<NeighbouringRelation, Accountant>> accountants = List.of(
                    RdpAccountant::new,
                    PldAccountant::new,
                    PrvAccountant::new,
                    GdpAccountant::new,
                    ZcdpAccountant::new,
                    Accountants::tightest);
            String cells = accountants.stream()
                    .map(accountant -> letters(accountant, each.getValue()))
                    .collect(Collectors.joining(" | "));
            rows.add("| " + each.getKey() + " | " + cells + " |");
        }
        return rows;
    }

    private static String letters(Function<NeighbouringRelation, Accountant> accountant, Event event) {
        StringBuilder letters = new StringBuilder();
        for (NeighbouringRelation relation : NeighbouringRelation.values()) {
            try {
                boolean bound =
                        accountant.apply(relation).account(event).epsilon(1e-3).bound();
                letters.append(relation == ADD_OR_REMOVE_ONE ? "A" : relation == REPLACE_ONE ? "R" : "Z");
                letters.append(bound ? "" : "~");
            } catch (UnsupportedEventException e) {
                letters.append("");
            }
        }
        return letters.isEmpty() ? "-" : letters.toString();
    }

    private static List<Accountant> all(NeighbouringRelation relation) {
        return List.of(
                new RdpAccountant(relation),
                new PldAccountant(relation),
                new PrvAccountant(relation),
                new GdpAccountant(relation),
                new ZcdpAccountant(relation),
                Accountants.tightest(relation));
    }

    @Test
    void zeroingOutIsAsAddingForASampleAndAsOneGaussianForATree() {
        Event sample = Event.dpSgd(0.02, 1, 50);
        assertThat(epsilon(new PldAccountant(ZERO_OUT_ONE), sample, 1e-5))
                .isEqualTo(epsilon(new PldAccountant(ADD_OR_REMOVE_ONE), sample, 1e-5));
        Guarantee tree = Accountants.tightest(ZERO_OUT_ONE)
                .account(new Event.TreeAggregation(6, List.of(7L)))
                .epsilon(1e-5);
        assertThat(tree.epsilon()).isEqualTo(AnalyticGaussian.epsilon(6 / Math.sqrt(3), 1e-5));
    }
}
