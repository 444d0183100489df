package dev.tacita.core.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.QuantizedUpdate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantizationTest {
    private final Random random = new Random(7);

    @Test
    void roundingIsRightOnAverageAndOffByLessThanAStep() {
        Quantization quantization = new Quantization(2, 8, 10);
        for (float value : new float[] {-2, -1.2345f, -0.01f, 0, 0.3f, 1.999f, 2}) {
            double mean = 0;
            int draws = 20_000;
            for (int i = 0; i < draws; i++) {
                long number = number(quantization, value, 7, random);
                assertThat(number * quantization.step()).isCloseTo(7.0 * value, within(quantization.step()));
                mean += number * quantization.step() / draws;
            }
            assertThat(mean)
                    .as("of %s, within six deviations", value)
                    .isCloseTo(7.0 * value, within(6 * quantization.step() / 2 / Math.sqrt(draws)));
        }
    }

    @Test
    void theWeightedMeanIsWithinItsBound() {
        for (int seed = 0; seed < 200; seed++) {
            Random draws = new Random(seed);
            int sites = 2 + draws.nextInt(20);
            Quantization quantization = new Quantization(1 + draws.nextInt(8), 6 + draws.nextInt(20), 1000);
            double exact = 0;
            long sum = 0;
            long total = 0;
            for (int i = 0; i < sites; i++) {
                float value = (float) ((2 * draws.nextDouble() - 1) * quantization.limit());
                long weight = 1L + draws.nextInt(1000);
                exact += (double) value * weight;
                sum += number(quantization, value, weight, draws);
                total += weight;
            }
            assertThat(quantization.mean(sum, total))
                    .as("seed %s", seed)
                    .isCloseTo(exact / total, within(quantization.errorBound(sites, total)));
        }
    }

    @Test
    void noDrawTakesANumberBeyondTheLargest() {
        byte[] ones = {-1, -1, -1, -1};
        for (int seed = 0; seed < 1000; seed++) {
            Random settings = new Random(seed);
            Quantization quantization = new Quantization(
                    settings.nextFloat() + 0.1f, 2 + settings.nextInt(31), 1L + settings.nextInt(1000));
            int[] number = new int[1];
            for (float sign : new float[] {-1, 1}) {
                float value = (float) (sign * quantization.limit());
                for (byte[] draw : List.of(ones, new byte[Quantization.DRAW_BYTES])) {
                    quantization.encode(new float[] {value}, 0, 1, quantization.maxWeight(), draw, number, 0);
                    assertThat((long) Math.abs(number[0]))
                            .as("seed %s, value %s", seed, value)
                            .isBetween(quantization.largest() - 1, quantization.largest());
                }
            }
        }
    }

    @Test
    void anUpdateIsItsWeightAndItsNumbers() {
        Quantization quantization = new Quantization(1, 11, 4);
        QuantizedUpdate update =
                new ModelUpdate(new float[] {1, -1, 0}, 4).withoutClipping().quantize(quantization, random);
        assertThat(update.size()).isEqualTo(4);
        assertThat(update.numbersInTheClear()).containsExactly(4, 1023, -1023, 0);
    }

    @Test
    void whatCannotBeQuantizedIsRefused() {
        Quantization quantization = new Quantization(1, 8, 100);
        for (float value : new float[] {Float.NaN, 1.01f, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> new ModelUpdate(new float[] {0, value}, 1)
                            .withoutClipping()
                            .quantize(quantization, random))
                    .isInstanceOf(NotEncodableException.class)
                    .hasMessageContaining("at index 1");
        }
        assertThatThrownBy(() ->
                        new ModelUpdate(new float[1], 101).withoutClipping().quantize(quantization, random))
                .hasMessageContaining("the weight must be <= 100. Provided value: 101");
        assertThatThrownBy(() -> new Quantization(0, 8, 1)).hasMessageContaining("limit must be > 0");
        assertThatThrownBy(() -> new Quantization(1, 1, 1)).hasMessageContaining("bits must be 2 to 32");
        assertThatThrownBy(() -> new Quantization(1, 8, 0)).hasMessageContaining("must be >= 1");
    }

    private static int number(Quantization quantization, float value, long weight, Random random) {
        byte[] draw = new byte[Quantization.DRAW_BYTES];
        random.nextBytes(draw);
        int[] number = new int[1];
        assertThat(quantization.encode(new float[] {value}, 0, 1, weight, draw, number, 0))
                .isOne();
        return number[0];
    }
}
