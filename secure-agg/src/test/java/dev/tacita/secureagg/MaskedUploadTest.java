package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.MaskedInput;
import dev.tacita.secureagg.AggregatorSession.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E10: what leaves a site that contributes zeros. */
class MaskedUploadTest {
    private static final List<VectorSpec> ZEROS = List.of(
            new VectorSpec("ints", 40_000, Modulus.TWO_32, 20),
            new VectorSpec("longs", 20_000, Modulus.TWO_64, 20),
            new VectorSpec("narrow", 40_000, new Modulus(1000), 2));

    private static RoundTerms terms(int attempt) {
        RoundTerms terms = Cohort.terms(Sharing.Complete.of(3, 0, Adversary.ACTIVE), 3, attempt);
        return new RoundTerms(
                terms.run(),
                terms.round(),
                attempt,
                terms.model(),
                terms.sites(),
                terms.sharing(),
                terms.minimumSites(),
                ZEROS,
                terms.aggregatorKey());
    }

    private static List<MaskedInput> uploads(int attempt) throws Exception {
        Cohort cohort = new Cohort(terms(attempt), 1);
        for (SiteId site : cohort.terms.sites()) {
            SiteSession session = cohort.open(site);
            Contribution zeros = Contribution.empty();
            ZEROS.forEach(spec -> zeros.with(spec.name(), RingVector.zeros(spec.modulus(), spec.length())));
            session.contribute(zeros);
            cohort.sessions.put(site, session);
        }
        List<FromAggregator> inboxes = cohort.runTo(cohort.aggregator(), Stage.INPUTS, (site, stage) -> true);
        List<MaskedInput> uploads = new ArrayList<>();
        for (SiteId site : cohort.terms.sites()) {
            FromSite answer = cohort.answer(site, inboxes).orElseThrow();
            uploads.add((MaskedInput) answer);
        }
        return uploads;
    }

    @Test
    void looksLikeRandomBytesAndDiffersEachTime() throws Exception {
        List<MaskedInput> all = new ArrayList<>(uploads(1));
        all.addAll(uploads(1));
        all.addAll(uploads(2));
        for (int i = 0; i < all.size(); i++) {
            for (int vector = 0; vector < 2; vector++) {
                assertUniformBytes(all.get(i).vectors().get(vector).words());
            }
            assertUniformElements(RingVector.ofBytes(
                    ZEROS.get(2).modulus(), all.get(i).vectors().get(2).words()));
            for (int j = 0; j < i; j++) {
                assertThat(equalBytes(
                                all.get(i).vectors().get(0).words(),
                                all.get(j).vectors().get(0).words()))
                        .as("equal bytes of %s and %s of 160000, 625 by chance", i, j)
                        .isBetween(480, 780);
            }
        }
    }

    private static void assertUniformBytes(Octets words) {
        long[] counts = new long[256];
        for (byte each : words.toArray()) {
            counts[each & 0xff]++;
        }
        Uniformity.assertUniform("bytes", counts);
    }

    private static void assertUniformElements(RingVector vector) {
        long[] counts = new long[(int) vector.modulus().value()];
        for (int i = 0; i < vector.length(); i++) {
            counts[(int) vector.element(i)]++;
        }
        Uniformity.assertUniform("elements", counts);
    }

    private static int equalBytes(Octets a, Octets b) {
        byte[] first = a.toArray();
        byte[] second = b.toArray();
        int equal = 0;
        for (int i = 0; i < first.length; i++) {
            equal += first[i] == second[i] ? 1 : 0;
        }
        return equal;
    }

    /** 32 bytes from SecureRandom for the seed, and an X25519 key each; no two of 2000 sessions share any. */
    @Test
    void seedsHaveTwoHundredAndFiftySixBits() {
        long[] ones = new long[256];
        int sessions = 2000;
        for (int i = 0; i < sessions; i++) {
            byte[] seed = new SiteSecrets().selfSeed();
            assertThat(8 * seed.length).isEqualTo(256);
            for (int bit = 0; bit < 256; bit++) {
                ones[bit] += seed[bit / 8] >>> (bit % 8) & 1;
            }
        }
        for (long count : ones) {
            assertThat(count).as("ones of %s, each bit on its own", sessions).isBetween(860L, 1140L);
        }
    }

    @Test
    void theTestOfUniformityCanFail() {
        long[] counts = new long[256];
        Arrays.fill(counts, 1000);
        assertThat(Uniformity.isUniform(counts)).isTrue();
        counts[7] += 250;
        assertThat(Uniformity.isUniform(counts)).isTrue();
        counts[8] += 400;
        counts[9] -= 400;
        assertThat(Uniformity.isUniform(counts)).isFalse();
    }

    /** All that a site sends and is sent, beside the update as float32: ten sites, a million parameters. */
    @Test
    void expandsTheUpdateByLessThanATenth() throws Exception {
        RoundTerms ten = Cohort.terms(Sharing.Complete.of(10, 0, Adversary.ACTIVE), 10, 1);
        int parameters = 1_000_000;
        Cohort cohort = new Cohort(
                new RoundTerms(
                        ten.run(),
                        1,
                        1,
                        ten.model(),
                        ten.sites(),
                        ten.sharing(),
                        10,
                        List.of(new VectorSpec("update", parameters, Modulus.TWO_32, 28)),
                        ten.aggregatorKey()),
                1);
        cohort.run((site, stage) -> true);
        for (SiteId site : ten.sites()) {
            assertThat(cohort.traffic(site) / (4.0 * parameters)).as("%s", site).isBetween(1.0, 1.01);
        }
    }
}
