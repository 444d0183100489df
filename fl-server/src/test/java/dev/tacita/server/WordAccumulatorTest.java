package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.number.FixedPoint;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WordAccumulatorTest {
    private static final int COUNT = 1000;

    private static long slowWord(FixedPoint encoding, float value, long weight) {
        return new BigDecimal(value)
                .multiply(new BigDecimal(BigInteger.TWO.pow(encoding.fractionBits())))
                .setScale(0, RoundingMode.HALF_EVEN)
                .toBigIntegerExact()
                .multiply(BigInteger.valueOf(weight))
                .longValue();
    }

    @Test
    void eachWordIsTheExactOneForEveryEncoding() {
        for (long seed = 1; seed <= 200; seed++) {
            var random = new SplittableRandom(seed);
            int fractionBits = 1 + random.nextInt(48);
            var encoding = new FixedPoint(fractionBits, 1 << random.nextInt(Math.min(30, 61 - fractionBits) + 1));
            long weight = 1 + random.nextLong(encoding.maxTotalWeight());
            int[] bits = new int[COUNT];
            long[] sum = new long[COUNT + 1];
            long[] expected = new long[COUNT + 1];
            for (int i = 0; i < COUNT; i++) {
                float value = acceptable(random, encoding);
                bits[i] = Float.floatToRawIntBits(value);
                sum[i + 1] = random.nextLong();
                expected[i + 1] = sum[i + 1] + slowWord(encoding, value, weight);
            }
            var accumulator = new WordAccumulator(encoding);
            assertThat(accumulator.firstNotEncodable(bits, COUNT))
                    .as("seed %s", seed)
                    .isEqualTo(-1);
            accumulator.add(bits, COUNT, weight, sum, 1);
            assertThat(sum).as("seed %s, %s, weight %s", seed, encoding, weight).isEqualTo(expected);
        }
    }

    @Test
    void aFactorIsAppliedBeforeTheRounding() {
        for (long seed = 1; seed <= 50; seed++) {
            var random = new SplittableRandom(seed);
            int fractionBits = 1 + random.nextInt(48);
            var encoding = new FixedPoint(fractionBits, 1 << random.nextInt(Math.min(30, 61 - fractionBits) + 1));
            double factor = 1 / Math.sqrt(1 + random.nextInt(9));
            int[] bits = new int[COUNT];
            long[] sum = new long[COUNT];
            long[] expected = new long[COUNT];
            for (int i = 0; i < COUNT; i++) {
                float value = acceptable(random, encoding);
                bits[i] = Float.floatToRawIntBits(value);
                expected[i] = slowWord(encoding, (float) (value * factor), 1);
            }
            new WordAccumulator(encoding, factor).add(bits, COUNT, 1, sum, 0);
            assertThat(sum).as("seed %s, %s, factor %s", seed, encoding, factor).isEqualTo(expected);
        }
    }

    private static float acceptable(SplittableRandom random, FixedPoint encoding) {
        int limit = encoding.limit();
        return switch (random.nextInt(6)) {
            case 0 -> limit;
            case 1 -> -limit;
            case 2 -> -0f;
            case 3 -> Float.MIN_VALUE * random.nextInt(100);
            // Halves of the last place, where ties round to even.
            case 4 -> (float) Math.max(-limit, Math.min(limit, (random.nextInt(2001) - 1000) / (2 * encoding.scale())));
            default -> (float) ((random.nextDouble() * 2 - 1) * limit);
        };
    }

    @Test
    void theFirstValueThatIsNoNumberOrBeyondTheLimitIsFound() {
        var accumulator = new WordAccumulator(FixedPoint.STANDARD);
        float[] bad = {
            Float.NaN,
            -Float.NaN,
            Float.intBitsToFloat(0xffffffff),
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Math.nextUp(64f),
            -Math.nextUp(64f),
            Float.MAX_VALUE
        };
        for (long seed = 1; seed <= 100; seed++) {
            var random = new SplittableRandom(seed);
            int[] bits = new int[COUNT];
            for (int i = 0; i < COUNT; i++) {
                bits[i] = Float.floatToRawIntBits(acceptable(random, FixedPoint.STANDARD));
            }
            int at = random.nextInt(COUNT);
            bits[at] = Float.floatToRawIntBits(bad[(int) (seed % bad.length)]);
            bits[Math.min(COUNT - 1, at + random.nextInt(50))] = Float.floatToRawIntBits(Float.NaN);
            int expected = FixedPoint.STANDARD.accepts(Float.intBitsToFloat(bits[at])) ? at + 1 : at;
            assertThat(accumulator.firstNotEncodable(bits, COUNT))
                    .as("seed %s", seed)
                    .isEqualTo(expected);
        }
    }
}
