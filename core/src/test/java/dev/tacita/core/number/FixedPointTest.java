package dev.tacita.core.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedPointTest {
    private static final FixedPoint STANDARD = FixedPoint.STANDARD;

    @Test
    void theStandardHoldsWhatItSays() {
        assertThat(STANDARD.maxTotalWeight()).isEqualTo(33_554_431);
        assertThat(STANDARD.accepts(64)).isTrue();
        assertThat(STANDARD.accepts(Math.nextUp(64f))).isFalse();
        assertThat(STANDARD.accepts(-64)).isTrue();
        assertThat(STANDARD.accepts(Float.NaN)).isFalse();
        assertThat(STANDARD.accepts(Float.NEGATIVE_INFINITY)).isFalse();
    }

    @Test
    void wordsOfKnownValues() {
        assertThat(STANDARD.encode(1)).isEqualTo(1L << 32);
        assertThat(STANDARD.encode(-0.5f)).isEqualTo(-(1L << 31));
        assertThat(STANDARD.encode(0x1p-33f)).isZero();
        assertThat(STANDARD.encode(0x1.8p-32f)).isEqualTo(2);
        assertThat(STANDARD.encode(64)).isEqualTo(1L << 38);
    }

    @Test
    void theLargestSumDoesNotWrap() {
        long sum = STANDARD.encode(64) * STANDARD.maxTotalWeight();
        assertThat(sum).isPositive();
        assertThat(STANDARD.mean(sum, STANDARD.maxTotalWeight())).isEqualTo(64);
        assertThat(STANDARD.encode(64) * (STANDARD.maxTotalWeight() + 1)).isNegative();
    }

    @Test
    void sumsHaveTheSameBitsInAnyOrderAndTheMeanIsExactToHalfAUnit() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int sites = 1 + random.nextInt(50);
            List<long[]> words = new ArrayList<>();
            BigDecimal exact = BigDecimal.ZERO;
            long weights = 0;
            for (int i = 0; i < sites; i++) {
                float value = (float) Math.scalb(random.nextDouble() * 2 - 1, random.nextInt(46) - 40);
                long weight = 1L + random.nextInt(10_000);
                words.add(new long[] {weight * STANDARD.encode(value)});
                exact = exact.add(new BigDecimal(value).multiply(BigDecimal.valueOf(weight)));
                weights += weight;
            }
            long sum = sum(words);
            Collections.shuffle(words, random);
            assertThat(sum(words)).as("seed %d", seed).isEqualTo(sum);
            double mean = exact.divide(BigDecimal.valueOf(weights), MathContext.DECIMAL128)
                    .doubleValue();
            assertThat(STANDARD.mean(sum, weights))
                    .as("seed %d", seed)
                    .isCloseTo(mean, within(0x1p-33 + Math.ulp(mean)));
        }
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new FixedPoint(0, 64)).hasMessageContaining("fraction-bits must be 1 to 48");
        assertThatThrownBy(() -> new FixedPoint(32, 63)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new FixedPoint(48, 1 << 14)).hasMessageContaining("at most 2^61");
    }

    private static long sum(List<long[]> words) {
        return words.stream().mapToLong(word -> word[0]).sum();
    }
}
