package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RandomBitsTest {
    private static final long WORDS_OF_A_KEY = (64L << 20) / Long.BYTES;

    @Test
    void isTheKeyStreamOfTheStandardsExample() {
        RandomBits bits = RandomBits.repeatable(
                HexFormat.of().parseHex("2b7e151628aed2a6abf7158809cf4f3c"),
                HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));

        // SP 800-38A, F.5.1: the first output block, read as two little-endian words.
        assertThat(bits.nextLong()).isEqualTo(Long.reverseBytes(0xec8cdf7398607cb0L));
        assertThat(bits.nextLong()).isEqualTo(Long.reverseBytes(0xf2d21675ea9ea1e4L));
    }

    @Test
    void differsFromOneSecureStreamToTheNext() {
        assertThat(RandomBits.secure().nextLong())
                .isNotEqualTo(RandomBits.secure().nextLong());
    }

    @Test
    void goesOnUnderAnotherKeyAfterSixtyFourMebibytes() {
        RandomBits bits = Repeatable.bits(1);
        RandomBits same = Repeatable.bits(1);
        long first = bits.nextLong();
        same.nextLong();
        for (long i = 1; i < WORDS_OF_A_KEY; i++) {
            bits.nextLong();
            same.nextLong();
        }

        long[] ones = new long[Long.SIZE];
        int words = 100_000;
        for (int i = 0; i < words; i++) {
            long word = bits.nextLong();
            assertThat(word).isNotEqualTo(first).isEqualTo(same.nextLong());
            for (int bit = 0; bit < Long.SIZE; bit++) {
                ones[bit] += (word >>> bit) & 1;
            }
        }
        for (long count : ones) {
            assertThat(count).isBetween(words / 2 - 1000L, words / 2 + 1000L);
        }
    }

    @Test
    void isUniformBelowABoundThatIsNoPowerOfTwo() {
        RandomBits bits = Repeatable.bits(2);
        double[] sevenths = {1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7.};
        BigInteger large = BigInteger.TWO.pow(100).multiply(BigInteger.valueOf(7));
        long[] small = new long[7];
        long[] ofLarge = new long[7];
        for (int i = 0; i < 100_000; i++) {
            small[bits.below(7)]++;
            ofLarge[bits.below(large).shiftRight(100).intValueExact()]++;
        }

        Fit.assertFits("int", small, sevenths);
        Fit.assertFits("large", ofLarge, sevenths);
        assertThat(bits.below(1)).isZero();
        assertThat(bits.below(BigInteger.ONE)).isZero();
        assertThat(bits.below(BigInteger.ONE.shiftLeft(63)).signum()).isNotNegative();
    }
}
