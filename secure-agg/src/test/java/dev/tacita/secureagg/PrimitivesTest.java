package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Published vectors, and slow oracles. */
class PrimitivesTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final BigInteger PRIME = BigInteger.valueOf(PrimeField.PRIME);

    private final SecureRandom secure = new SecureRandom();

    /** Privacy facts E1: five shares, threshold 3, of the secret 0x00000021. */
    private static final int[][] LEGACY = {
        {112, 207, 118, 46, 110, 212, 170, 28},
        {48, 160, 197, 172, 38, 235, 145, 204},
        {63, 115, 238, 144, 40, 68, 183, 71},
        {29, 72, 240, 207, 114, 224, 26, 141},
        {74, 31, 204, 116, 6, 189, 187, 136}
    };

    @Test
    void everyThreeOfTheLegacySharesGiveTheSecret() {
        for (int a = 0; a < 5; a++) {
            for (int b = a + 1; b < 5; b++) {
                for (int c = b + 1; c < 5; c++) {
                    assertThat(Shamir.combine(List.of(legacy(a), legacy(b), legacy(c)), 4))
                            .containsExactly(0, 0, 0, 0x21);
                }
            }
        }
    }

    private static Shamir.Share legacy(int index) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) LEGACY[index][i];
        }
        return new Shamir.Share(index + 1, Octets.copyOf(bytes));
    }

    /** E2: with one share missing every secret is as likely as every other: the last share can be chosen to give it. */
    @Test
    void fewerSharesThanTheThresholdFitEverySecret() {
        byte[] secret = {1, 2, 3};
        List<Shamir.Share> shares = Shamir.split(secret, 3, 5, secure);
        long[] counts = new long[256];
        for (int i = 0; i < 256 * 40; i++) {
            counts[Shamir.split(secret, 3, 5, secure).get(0).values().toArray()[3] & 0xff]++;
        }
        Uniformity.assertUniform("low bytes of a share of one secret", counts);
        for (int other = 0; other < 256; other++) {
            byte[] wanted = {0, 0, (byte) other};
            Shamir.Share third = completing(shares.get(0), shares.get(1), wanted);
            assertThat(Shamir.combine(List.of(shares.get(0), shares.get(1), third), 3))
                    .isEqualTo(wanted);
        }
    }

    private static Shamir.Share completing(Shamir.Share first, Shamir.Share second, byte[] secret) {
        Interpolation interpolation = Interpolation.at(new int[] {1, 2, 3});
        long wanted = new BigInteger(1, secret).longValue();
        long known = PrimeField.add(
                PrimeField.multiply(
                        interpolation.coefficient(0),
                        new BigInteger(1, first.values().toArray()).longValue()),
                PrimeField.multiply(
                        interpolation.coefficient(1),
                        new BigInteger(1, second.values().toArray()).longValue()));
        long value = PrimeField.multiply(
                PrimeField.subtract(wanted, known), PrimeField.invert(interpolation.coefficient(2)));
        return new Shamir.Share(3, Octets.copyOf(HEX.parseHex(String.format("%08x", value))));
    }

    @Test
    void anyThresholdOfTheSharesGivesASecretOfAnyLength() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] secret = new byte[1 + random.nextInt(40)];
            random.nextBytes(secret);
            int shares = 2 + random.nextInt(9);
            int threshold = 2 + random.nextInt(shares - 1);
            List<Shamir.Share> all = new ArrayList<>(Shamir.split(secret, threshold, shares, secure));
            Collections.shuffle(all, random);
            assertThat(Shamir.combine(all.subList(0, threshold), secret.length))
                    .as("seed %s", seed)
                    .isEqualTo(secret);
            assertThat(all).allMatch(share -> share.values().length() == Shamir.shareBytes(secret.length));
        }
    }

    @Test
    void sharesThatCannotBeAreRefused() {
        Shamir.Share first = legacy(0);
        assertThatThrownBy(() -> Shamir.combine(List.of(first, first), 4))
                .hasMessage("shares must be of different points. Twice there: 1");
        assertThatThrownBy(() -> Shamir.combine(List.of(first), 4))
                .hasMessage("there must be at least 2 shares. Provided: 1");
        assertThatThrownBy(() -> Shamir.combine(List.of(first, legacy(1)), 8))
                .hasMessage("a share must have 12 bytes. Provided length: 8");
        assertThatThrownBy(() -> new Shamir.Share(0, Octets.copyOf(new byte[8])))
                .hasMessageContaining("Provided value: 0");
        assertThatThrownBy(() -> Shamir.combine(
                        List.of(first, new Shamir.Share(2, Octets.copyOf(HEX.parseHex("ffffffffffffffff")))), 4))
                .hasMessage("a share must consist of elements of the field");
        for (int[] bad : new int[][] {{1, 5}, {6, 5}, {0, 0}, {2, 1}}) {
            assertThatThrownBy(() -> Shamir.split(new byte[4], bad[0], bad[1], secure))
                    .hasMessageContaining("the threshold must be >= 2 and <= the number of shares");
        }
        assertThatThrownBy(() -> Shamir.split(new byte[0], 2, 3, secure)).hasMessageContaining("at least one byte");
    }

    @Test
    void fieldArithmeticIsThatOfBigIntegers() {
        long[] edges = {0, 1, 2, 10, 11, 12, (1L << 31) - 1, 1L << 31, (1L << 31) + 9, PrimeField.PRIME - 1};
        for (long a : edges) {
            for (long b : edges) {
                assertArithmetic(a, b);
            }
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            assertArithmetic(random.nextLong(PrimeField.PRIME), random.nextLong(PrimeField.PRIME));
        }
    }

    private static void assertArithmetic(long a, long b) {
        BigInteger bigA = BigInteger.valueOf(a);
        BigInteger bigB = BigInteger.valueOf(b);
        assertThat(PrimeField.add(a, b)).isEqualTo(bigA.add(bigB).mod(PRIME).longValue());
        assertThat(PrimeField.subtract(a, b))
                .isEqualTo(bigA.subtract(bigB).mod(PRIME).longValue());
        assertThat(PrimeField.multiply(a, b))
                .isEqualTo(bigA.multiply(bigB).mod(PRIME).longValue());
        assertThat(PrimeField.invert(a))
                .isEqualTo(a == 0 ? 0 : bigA.modInverse(PRIME).longValue());
    }

    /** E3. */
    @Test
    void theMaskGeneratorIsAes256InCounterMode() {
        MaskCipher cipher = new MaskCipher();
        byte[] stream = new byte[32];
        cipher.start(HEX.parseHex("31".repeat(32)), 0);
        cipher.next(stream, 32);
        assertThat(HEX.formatHex(stream)).isEqualTo("b08ecf9ec7eb5f0d7b78c42556d668ac0ede721a5818fe812d565cbdb5f11f4e");
    }

    /** E4. */
    @Test
    void theSessionIdHashesTheKeysInOrder() {
        String[] keys = {
            "0259aeda63828cf79c460cf84d3bc1507d089029b786432aab66f3fd5ab2c08c28",
            "026d03439c8f221f157bec7ee5479bbf7e92901e546b6cdc43a14c6eae13cd6b5d",
            "0213cbb7d98919da666e381d5178a18f024be522b0ff3a997e92a62c9a3f186d1a",
            "0384a3d65b49bbd6c1deac58c0da81dcf913e91112d3f99c60c1ea70a90b528f49"
        };
        Transcript transcript = Transcript.empty();
        for (String key : keys) {
            transcript.add(HEX.parseHex(key));
        }
        assertThat(HEX.formatHex(transcript.hash().toArray()))
                .isEqualTo("78af6ed21e6fc5e7fd23a3199fcc504fadb41ba6533555a1e4e86114f23e8e72");
    }

    /** E5: RFC 5869, A.1. */
    @Test
    void keysAreDerivedByHkdf() {
        byte[] key = new Hkdf()
                .derive(
                        HEX.parseHex("0b".repeat(22)),
                        HEX.parseHex("000102030405060708090a0b0c"),
                        HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"),
                        42);
        assertThat(HEX.formatHex(key))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    /** E5: RFC 7748, 6.1. */
    @Test
    void keysAreAgreedOnByX25519() {
        byte[] alice = HEX.parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = HEX.parseHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        String shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        assertThat(HEX.formatHex(Curve.agreementPublicKey(alice).toArray()))
                .isEqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        assertThat(HEX.formatHex(Curve.agree(alice, Curve.agreementPublicKey(bob))))
                .isEqualTo(shared);
        assertThat(HEX.formatHex(Curve.agree(bob, Curve.agreementPublicKey(alice))))
                .isEqualTo(shared);
    }

    @Test
    void bytesThatAreNoKeyAreRefused() {
        for (String bad : new String[] {
            "00".repeat(32),
            "01" + "00".repeat(31),
            "ec" + "ff".repeat(30) + "7f",
            "ed" + "ff".repeat(30) + "7f",
            "ff".repeat(32),
            "09" + "00".repeat(30) + "80",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "09"
        }) {
            assertThat(Curve.isAgreementKey(Octets.copyOf(HEX.parseHex(bad))))
                    .as(bad)
                    .isFalse();
        }
        byte[] secret = Curve.newAgreementKey(secure);
        for (String small : new String[] {
            "00".repeat(32),
            "ec" + "ff".repeat(30) + "7f",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"
        }) {
            assertThatThrownBy(() -> Curve.agree(secret, Octets.copyOf(HEX.parseHex(small))))
                    .hasMessageContaining("small order");
        }
        assertThat(Curve.isAgreementKey(Curve.agreementPublicKey(secret))).isTrue();
        assertThat(Curve.isAgreementKey(Octets.copyOf(HEX.parseHex("09" + "00".repeat(31)))))
                .isTrue();
        assertThat(Curve.isAgreementKey(Octets.copyOf(HEX.parseHex("eb" + "ff".repeat(30) + "7f"))))
                .isTrue();
    }

    @Test
    void aSealOpensOnlyAsItWasMade() {
        byte[] key = new byte[32];
        Octets bound = Octets.copyOf(new byte[] {1});
        Octets sealed = Seal.close(key, bound, new byte[] {5, 6}, secure);
        assertThat(Seal.open(key, bound, sealed))
                .hasValueSatisfying(it -> assertThat(it).containsExactly(5, 6));
        assertThat(Seal.open(key, Octets.copyOf(new byte[] {2}), sealed)).isEmpty();
        assertThat(Seal.open(HEX.parseHex("01".repeat(32)), bound, sealed)).isEmpty();
        for (int i = 0; i < sealed.length(); i++) {
            byte[] changed = sealed.toArray();
            changed[i] ^= 1;
            assertThat(Seal.open(key, bound, Octets.copyOf(changed))).isEmpty();
        }
        assertThat(Seal.open(key, bound, Octets.copyOf(new byte[27]))).isEmpty();
    }
}
