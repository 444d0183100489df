package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.dp.accounting.NeighbouringRelation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatisticsTest {
    @ParameterizedTest
    @CsvSource({"ADD_OR_REMOVE_ONE, 1, 1", "ADD_OR_REMOVE_ONE, 3, 3", "REPLACE_ONE, 1, 2", "REPLACE_ONE, 2, 4"})
    void histogramsGetNoiseForWhatOneRecordCanChange(NeighbouringRelation relation, int contributions, int l1) {
        NoisyHistogram histogram = NoisyHistogram.of(1.5, contributions, relation, Repeatable.bits(71));
        long[] counts = new long[50_000];
        Arrays.fill(counts, 9);
        int reach = 20;
        long[] observed = new long[2 * reach + 1];
        for (long noisy : histogram.release(counts)) {
            observed[(int) Math.max(0, Math.min(2L * reach, noisy - 9 + reach))]++;
        }
        double rate = 1.5 / l1;
        double[] mass = new double[2 * reach + 1];
        for (int k = -reach; k <= reach; k++) {
            mass[k + reach] = Math.tanh(rate / 2) * Math.exp(-rate * Math.abs(k));
        }
        mass[0] /= -Math.expm1(-rate);
        mass[2 * reach] = mass[0];

        Fit.assertFits(relation + " " + contributions, observed, mass);
        assertThat(counts).containsOnly(9);
    }

    @ParameterizedTest
    @EnumSource(NeighbouringRelation.class)
    void meansAreNearTheTruthOfManyValuesAndWithinTheBounds(NeighbouringRelation relation) {
        double[] values = new double[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 4 == 0 ? 1e9 : 42;
        }
        BoundedMean mean = BoundedMean.of(1, 20, 100, relation, Repeatable.bits(72));

        assertThat(mean.release(values)).isCloseTo(42 + (100 - 42) / 4., within(0.1));
        for (int i = 0; i < 100; i++) {
            assertThat(mean.release(new double[] {0})).isBetween(20.0, 100.0);
        }
    }

    @Test
    void meansOfReplacedRecordsHaveTheNoiseOfTheWholeWidth() {
        BoundedMean mean = BoundedMean.of(2, -10, 10, NeighbouringRelation.REPLACE_ONE, Repeatable.bits(73));
        double[] values = new double[100];
        double squares = 0;
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            double noisy = mean.release(values);
            squares += noisy * noisy;
        }
        double scale = 20 / 2.0 / 100;

        assertThat(squares / count)
                .isCloseTo(2 * scale * scale, within(5 * 2 * scale * scale * Math.sqrt(5.0 / count)));
    }

    @Test
    void meansRefuseBoundsThatAreNoRangeAndValuesThatAreNotFinite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BoundedMean.of(1, 5, 5, NeighbouringRelation.REPLACE_ONE))
                .withMessageStartingWith("upper - lower must be > 0")
                .withMessageEndingWith("Provided value: 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BoundedMean.of(1, 0, 1, NeighbouringRelation.REPLACE_ONE)
                        .release(new double[] {0, Double.NaN}))
                .withMessage("values must all be finite. One that is not is at index 1");
    }

    @Test
    void theChiSquareTestCatchesNoiseThatIsAQuarterOfWhatItShouldBe() {
        DiscreteLaplaceMechanism sabotaged = DiscreteLaplaceMechanism.of(4, 1, Repeatable.bits(74));
        long[] observed = new long[21];
        double[] mass = new double[21];
        for (int i = 0; i < 10_000; i++) {
            observed[(int) Math.max(0, Math.min(20, sabotaged.release(10)))]++;
        }
        for (int k = -10; k <= 10; k++) {
            mass[k + 10] = Math.tanh(0.5) * Math.exp(-Math.abs(k));
        }

        assertThat(Fit.pValue(observed, mass)).isLessThan(1e-12);
    }
}
