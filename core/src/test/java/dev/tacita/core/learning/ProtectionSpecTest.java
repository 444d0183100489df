package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.number.Quantization;
import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProtectionSpecTest {
    @Test
    void aCohortThatIsAllowedCannotMakeASumWrapAndOneMoreSiteCould() {
        for (int modulusBits : new int[] {32, 64}) {
            for (int bits = 2; bits <= 32; bits++) {
                var protection = protection(bits, modulusBits);
                BigInteger modulus = BigInteger.ONE.shiftLeft(modulusBits);
                int most = protection.mostSites();
                assertThat(sum(most, bits)).as("%s bits", bits).isLessThanOrEqualTo(modulus);
                assertThat(most == 100 || sum(most + 1, bits).compareTo(modulus) > 0)
                        .as("%s bits", bits)
                        .isTrue();
            }
        }
    }

    private static BigInteger sum(int sites, int bits) {
        return BigInteger.valueOf(sites).shiftLeft(bits);
    }

    private static SecureAggregation protection(int bits, int modulusBits) {
        return new SecureAggregation(
                Adversary.ACTIVE, 0, 0, Duration.ofSeconds(1), new Quantization(1, bits, 1), modulusBits);
    }
}
