package dev.tacita.core.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.number.FixedPoint;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DigitsTest {
    @Test
    void theSumIsExactHoweverItIsDealt() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int digits = 1 + random.nextInt(3);
            int sites = 1 + random.nextInt(40);
            long bound = 1L << Math.min(24 * digits - 1, 53);
            long expected = 0;
            long[] words = new long[digits];
            for (int site = 0; site < sites; site++) {
                long number = random.nextLong(-bound / 64, bound / 64);
                expected += number;
                float[] written = new float[digits];
                Digits.write("it", number, digits, written, 0);
                for (int i = 0; i < digits; i++) {
                    assertThat(written[i]).isBetween(-1f, 1f);
                    words[i] += FixedPoint.STANDARD.encode(written[i]);
                }
            }
            double[] mean = new double[digits];
            for (int i = 0; i < digits; i++) {
                mean[i] = FixedPoint.STANDARD.mean(words[i], sites);
            }
            assertThat(Digits.sum(RoundMean.ofAll(mean, 1, sites), 0, digits))
                    .as("seed " + seed)
                    .isEqualTo((double) expected);
        }
    }

    @Test
    void aNumberOfTooManyDigitsIsRefused() {
        float[] one = new float[1];
        Digits.write("it", (1 << 23) - 1, 1, one, 0);
        assertThatThrownBy(() -> Digits.write("it", 1 << 23, 1, one, 0))
                .isInstanceOf(NotEncodableException.class)
                .hasMessage("it must fit into 24 bits. Provided value: 8388608; the site has too many rows for"
                        + " boosted-trees");
        Digits.write("it", -(1 << 23), 1, one, 0);
        assertThat(one[0]).isEqualTo(-1);
    }
}
