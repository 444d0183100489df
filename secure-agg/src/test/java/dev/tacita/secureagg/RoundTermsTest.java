package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundTermsTest {
    private static final Octets MODEL = Octets.copyOf(new byte[32]);
    private static final Octets KEY = Cohort.AGGREGATOR.publicKey();
    private static final Sharing FOUR = Sharing.Complete.of(4, 0, Adversary.ACTIVE);

    private static RoundTerms terms(Sharing sharing, int minimum, VectorSpec... vectors) {
        return new RoundTerms(
                new RunId("r"), 1, 1, MODEL, Cohort.sites(sharing.sites()), sharing, minimum, List.of(vectors), KEY);
    }

    /** E11. */
    @Test
    void aSumThatCouldWrapIsRefusedAtConfiguration() {
        assertThatCode(() -> terms(FOUR, 3, new VectorSpec("v", 1, Modulus.TWO_32, 30)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> terms(FOUR, 3, new VectorSpec("v", 1, Modulus.TWO_32, 31)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "vectors.v: a sum could wrap: sites x 2^bits must be <= the modulus. Provided values:"
                                + " 4 x 2^31, 2^32 Use fewer bits or a larger modulus.");
        assertThatThrownBy(() -> terms(FOUR, 3, new VectorSpec("v", 1, Modulus.TWO_64, 63)))
                .hasMessageContaining("4 x 2^63, 2^64");
        assertThatCode(() -> terms(FOUR, 3, new VectorSpec("v", 1, Modulus.TWO_64, 62)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> terms(FOUR, 3, new VectorSpec("v", 1, new Modulus(1000), 8)))
                .hasMessageContaining("4 x 2^8, 1000");
    }

    /** The largest sum and the smallest are told apart at the very edge of the ring. */
    @Test
    void theLargestSumsOfTheSmallestRingAreExact() {
        VectorSpec spec = new VectorSpec("v", 1, Modulus.TWO_32, 30);
        for (long sign : new long[] {1, -1}) {
            RingVector sum = RingVector.zeros(Modulus.TWO_32, 1);
            for (int i = 0; i < 4; i++) {
                sum.add(RingVector.of(Modulus.TWO_32, sign * spec.largest()));
            }
            assertThat(sum.number(0)).isEqualTo(sign * 4 * spec.largest());
        }
    }

    @Test
    void everyReasonIsNamedAtOnce() {
        List<SiteId> unsorted = List.of(Cohort.site(1), Cohort.site(0));
        VectorSpec vector = new VectorSpec("v", 1, Modulus.TWO_32, 8);
        assertThatThrownBy(() ->
                        new RoundTerms(new RunId("r"), 0, 0, MODEL, unsorted, FOUR, 1, List.of(vector, vector), MODEL))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("round: must be >= 1")
                .hasMessageContaining("attempt: must be >= 1")
                .hasMessageContaining("sites: must be in ascending order")
                .hasMessageContaining("sites: must be as many as the sharing is for, 4. Provided: 2")
                .hasMessageContaining("minimum-sites: must be >= 2. Provided value: 1")
                .hasMessageContaining("Twice there: 'v'")
                .hasMessageContaining("aggregator-key: must be the 32 bytes of an X25519 public key");
        assertThatThrownBy(() -> terms(FOUR, 5, vector)).hasMessageContaining("must be <= the number of sites, 4");
        assertThatThrownBy(() -> terms(FOUR, 3)).hasMessageContaining("vectors: must be 1 to 1000");
    }

    @Test
    void theHashChangesWithEveryTerm() {
        VectorSpec vector = new VectorSpec("v", 1, Modulus.TWO_32, 8);
        Sharing ring = Sharing.Ring.of(new RingAssumptions(4, 0, 0, Adversary.CURIOUS, 40, 20));
        Sharing surer = Sharing.Ring.of(new RingAssumptions(4, 0, 0, Adversary.CURIOUS, 41, 20));
        List<SiteId> others = new ArrayList<>(Cohort.sites(5));
        others.remove(0);
        Octets otherModel = Octets.copyOf(new byte[] {
            1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        });
        List<RoundTerms> all = List.of(
                terms(FOUR, 3, vector),
                terms(FOUR, 4, vector),
                terms(ring, 3, vector),
                terms(surer, 3, vector),
                terms(new Sharing.Complete(4, 0, Adversary.ACTIVE, 4), 3, vector),
                terms(new Sharing.Complete(4, 0, Adversary.CURIOUS, 3), 3, vector),
                terms(new Sharing.Complete(4, 1, Adversary.ACTIVE, 3), 3, vector),
                terms(FOUR, 3, vector, new VectorSpec("w", 1, Modulus.TWO_32, 8)),
                terms(FOUR, 3, new VectorSpec("w", 1, Modulus.TWO_32, 8)),
                terms(FOUR, 3, new VectorSpec("v", 2, Modulus.TWO_32, 8)),
                terms(FOUR, 3, new VectorSpec("v", 1, Modulus.TWO_64, 8)),
                terms(FOUR, 3, new VectorSpec("v", 1, Modulus.TWO_32, 9)),
                new RoundTerms(new RunId("s"), 1, 1, MODEL, Cohort.sites(4), FOUR, 3, List.of(vector), KEY),
                new RoundTerms(new RunId("r"), 2, 1, MODEL, Cohort.sites(4), FOUR, 3, List.of(vector), KEY),
                new RoundTerms(new RunId("r"), 1, 2, MODEL, Cohort.sites(4), FOUR, 3, List.of(vector), KEY),
                new RoundTerms(new RunId("r"), 1, 1, otherModel, Cohort.sites(4), FOUR, 3, List.of(vector), KEY),
                new RoundTerms(new RunId("r"), 1, 1, MODEL, others, FOUR, 3, List.of(vector), KEY),
                new RoundTerms(
                        new RunId("r"),
                        1,
                        1,
                        MODEL,
                        Cohort.sites(4),
                        FOUR,
                        3,
                        List.of(vector),
                        AggregatorKey.generate().publicKey()));
        Set<Octets> hashes = new HashSet<>();
        all.forEach(each -> hashes.add(each.hash()));
        assertThat(hashes).hasSize(all.size());
        assertThat(terms(FOUR, 3, vector).hash()).isEqualTo(all.get(0).hash());
    }

    @Test
    void vectorsAndModuliOutOfTheirRangeAreRefused() {
        assertThatThrownBy(() -> new VectorSpec("No", 1, Modulus.TWO_32, 8)).hasMessageContaining("lower-case");
        assertThatThrownBy(() -> new VectorSpec("v", 0, Modulus.TWO_32, 8)).hasMessageContaining("length must be >= 1");
        assertThatThrownBy(() -> new VectorSpec("v", 1, Modulus.TWO_32, 1))
                .hasMessageContaining("bits must be 2 to 63");
        for (long bad : new long[] {1, -1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> new Modulus(bad)).hasMessageContaining("Provided value: " + bad);
        }
        Modulus odd = new Modulus(1000);
        assertThat(odd.bytes()).isEqualTo(2);
        assertThat(odd.element(-1)).isEqualTo(999);
        assertThat(odd.centred(501)).isEqualTo(-499);
        assertThat(odd.centred(500)).isEqualTo(500);
        assertThat(Modulus.TWO_32).hasToString("2^32");
        assertThat(Modulus.TWO_64).hasToString("2^64");
        assertThatThrownBy(() -> RingVector.ofBytes(odd, Octets.copyOf(new byte[] {(byte) 0xe8, 3})))
                .hasMessage("elements must be less than the modulus 1000");
        assertThatThrownBy(() -> RingVector.ofBytes(odd, Octets.copyOf(new byte[3])))
                .hasMessageContaining("a multiple of 2 bytes");
        assertThatThrownBy(() -> RingVector.zeros(odd, 2).add(RingVector.zeros(odd, 3)))
                .hasMessageContaining("the same modulus and length");
    }

    @Test
    void aRegistryHasOneSiteForAKey() {
        IdentityKey key = SigningIdentity.generate().publicKey();
        assertThatThrownBy(() -> SiteRegistry.of(Map.of(Cohort.site(0), key, Cohort.site(1), key)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("site-0001: has the key of 'site-0000'");
        SigningIdentity identity = SigningIdentity.generate();
        assertThat(SigningIdentity.of(identity.secretBytes()).publicKey()).isEqualTo(identity.publicKey());
        assertThat(AggregatorKey.of(Cohort.AGGREGATOR.secretBytes()).publicKey())
                .isEqualTo(KEY);
    }
}
