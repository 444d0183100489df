package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianTableTest {
    private static final NormalDistribution NORMAL = new NormalDistribution();

    @ParameterizedTest
    @ValueSource(doubles = {0x1p30, 1.618e9, 0x1.fffffp30})
    void drawsTheNormalDistributionInEveryCellOfItsRange(double scale) {
        RandomBits bits = Repeatable.bits(21);
        GaussianTable table = new GaussianTable(scale);
        int cells = 2000;
        double[] probabilities = new double[cells];
        for (int i = 0; i < cells; i++) {
            probabilities[i] =
                    NORMAL.cumulativeProbability(edge(i + 1, cells)) - NORMAL.cumulativeProbability(edge(i, cells));
        }
        probabilities[0] += NORMAL.cumulativeProbability(-6);
        probabilities[cells - 1] += NORMAL.cumulativeProbability(-6);
        long[] observed = new long[cells];
        for (int i = 0; i < 10_000_000; i++) {
            int cell = (int) Math.floor((table.draw(bits) / scale + 6) / 12 * cells);
            observed[Math.max(0, Math.min(cells - 1, cell))]++;
        }

        Fit.assertFits("scale " + scale, observed, probabilities);
    }

    @Test
    void keepsToTheNormalDistributionFunctionEverywhere() {
        double[] drawn = drawn(22, 2_000_000);
        Arrays.sort(drawn);
        double largest = 0;
        for (int i = 0; i < drawn.length; i++) {
            double expected = NORMAL.cumulativeProbability(drawn[i]);
            largest = Math.max(largest, Math.abs((i + 0.5) / drawn.length - expected));
        }

        // Kolmogorov's distribution: P(sqrt(n) D > 2.7) = 2 exp(-2 * 2.7^2) = 9e-7.
        assertThat(largest * Math.sqrt(drawn.length)).isLessThan(2.7);
    }

    @Test
    void hasTheMomentsOfTheNormalDistribution() {
        int count = 4_000_000;
        double[] drawn = drawn(23, count);
        double[] moments = new double[5];
        for (double value : drawn) {
            double power = 1;
            for (int k = 1; k <= 4; k++) {
                power *= value;
                moments[k] += power / count;
            }
        }
        double five = 5 / Math.sqrt(count);

        assertThat(moments[1]).isCloseTo(0, within(five));
        assertThat(moments[2]).isCloseTo(1, within(five * Math.sqrt(2)));
        assertThat(moments[3]).isCloseTo(0, within(five * Math.sqrt(15)));
        assertThat(moments[4]).isCloseTo(3, within(five * Math.sqrt(96)));
    }

    @Test
    void reachesTheTailsAsOftenAsTheNormalDistribution() {
        RandomBits bits = Repeatable.bits(24);
        double scale = 1.3e9;
        GaussianTable table = new GaussianTable(scale);
        int count = 20_000_000;
        int[] beyond = new int[7];
        for (int i = 0; i < count; i++) {
            int deviations = (int) (Math.abs(table.draw(bits)) / scale);
            for (int k = 3; k <= Math.min(6, deviations); k++) {
                beyond[k]++;
            }
        }

        for (int k = 3; k <= 5; k++) {
            double expected = 2 * count * NORMAL.cumulativeProbability(-k);
            assertThat((double) beyond[k]).as("beyond %s", k).isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
        assertThat(beyond[6]).isLessThan(5);
    }

    @Test
    void usesEveryLowBitAndBothSignsEvenly() {
        RandomBits bits = Repeatable.bits(25);
        GaussianTable table = new GaussianTable(0x1.8p30);
        long[] low = new long[256];
        long[] signs = new long[2];
        int count = 4_000_000;
        for (int i = 0; i < count; i++) {
            long drawn = table.draw(bits);
            low[(int) drawn & 255]++;
            signs[drawn < 0 ? 1 : 0]++;
        }
        double[] even = new double[256];
        Arrays.fill(even, 1 / 256.);

        Fit.assertFits("low bits", low, even);
        Fit.assertFits("signs", signs, new double[] {0.5, 0.5});
    }

    @Test
    void slopesWithinACellOfTheTableToo() {
        RandomBits bits = Repeatable.bits(26);
        double scale = 0x1p30;
        GaussianTable table = new GaussianTable(scale);
        int cell = 512;
        int parts = 4;
        long[] observed = new long[parts];
        for (int i = 0; i < 60_000_000; i++) {
            long magnitude = Math.abs(table.draw(bits));
            if (magnitude >>> 22 == cell) {
                observed[(int) (magnitude >>> 20) & 3]++;
            }
        }
        double[] probabilities = new double[parts];
        double total = 0;
        for (int i = 0; i < parts; i++) {
            double middle = ((double) cell * parts + i + 0.5) * (1 << 20) / scale;
            probabilities[i] = Math.exp(-middle * middle / 2);
            total += probabilities[i];
        }
        for (int i = 0; i < parts; i++) {
            probabilities[i] /= total;
        }

        Fit.assertFits("parts of cell " + cell, observed, probabilities);
    }

    @Test
    void knowsTheExponentialToFiftyDigits() {
        assertThat(GaussianTable.exponential(BigDecimal.ONE).setScale(50, RoundingMode.HALF_EVEN))
                .isEqualTo(new BigDecimal("0.36787944117144232159552377016146086744581113103177"));
        assertThat(GaussianTable.exponential(BigDecimal.ZERO)).isEqualByComparingTo(BigDecimal.ONE);
        assertThat(GaussianTable.exponential(new BigDecimal("72")).doubleValue())
                .isCloseTo(Math.exp(-72), within(1e-13 * Math.exp(-72)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1L << 29, 3_000_000_001L, 5_999_999_999L})
    void decidesExactlyAsInDoublePrecisionWhereThatIsSure(long magnitude) {
        RandomBits bits = Repeatable.bits(27);
        GaussianTable table = new GaussianTable(1.1e9);
        int cell = (int) (magnitude >>> 22);
        BigDecimal coins = new BigDecimal(table.ratio(cell, magnitude)).multiply(new BigDecimal(2).pow(64));

        assertThat(table.keepsExactly(cell, magnitude, scaled(coins, 1 - 1e-11), bits))
                .isTrue();
        assertThat(table.keepsExactly(cell, magnitude, scaled(coins, 1 + 1e-11), bits))
                .isFalse();
    }

    private static long scaled(BigDecimal coins, double factor) {
        return coins.multiply(new BigDecimal(factor)).toBigInteger().longValue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0x1p29, 0x1p31, Double.NaN})
    void refusesAScaleThatItsTableIsNotMadeFor(double scale) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GaussianTable(scale))
                .withMessage("scale must be >= 2^30 and < 2^31. Provided value: " + scale);
    }

    private static double edge(int index, int cells) {
        return -6 + 12.0 * index / cells;
    }

    private static double[] drawn(long seed, int count) {
        RandomBits bits = Repeatable.bits(seed);
        double scale = 1.1e9;
        GaussianTable table = new GaussianTable(scale);
        double[] drawn = new double[count];
        for (int i = 0; i < count; i++) {
            drawn[i] = table.draw(bits) / scale;
        }
        return drawn;
    }
}
