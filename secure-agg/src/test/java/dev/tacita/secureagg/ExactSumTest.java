package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregatorSession.Stage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sum of the survivors, bit for bit, modulo 2^32, 2^64 and 2636861836189 at once; or none. */
class ExactSumTest {
    private static final List<Stage> STAGES =
            List.of(Stage.KEYS, Stage.SHARES, Stage.INPUTS, Stage.SIGNATURES, Stage.ANSWERS);

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10, 50})
    void amongAllSites(int sites) throws Exception {
        Cohort cohort = Cohort.of(Sharing.Complete.of(sites, 0, Adversary.ACTIVE), 2, sites);
        assertSums(cohort, cohort.run((site, stage) -> true), cohort.terms.sites());
    }

    @Test
    void inARingOf200() throws Exception {
        RingAssumptions assumptions = new RingAssumptions(200, 0.05, 0.05, Adversary.SEMI_MALICIOUS, 40, 20);
        Cohort cohort = Cohort.of(Sharing.Ring.of(assumptions), 150, 3);
        assertSums(cohort, cohort.run((site, stage) -> true), cohort.terms.sites());
    }

    @Test
    void everySubsetUpToTheThresholdMayDropOutAtEveryStage() throws Exception {
        Sharing sharing = Sharing.Complete.of(6, 0, Adversary.ACTIVE);
        assertThat(sharing.threshold()).isEqualTo(4);
        for (int subset = 1; subset < 1 << 6; subset++) {
            if (Integer.bitCount(subset) <= 6 - sharing.threshold()) {
                for (Stage stage : STAGES) {
                    Set<SiteId> dropped = chosen(subset);
                    Cohort cohort = Cohort.of(sharing, 2, subset);
                    Aggregate aggregate = cohort.runWithout(Map.of(stage, dropped));
                    Set<SiteId> survivors = new TreeSet<>(cohort.terms.sites());
                    if (stage.compareTo(Stage.INPUTS) <= 0) {
                        survivors.removeAll(dropped);
                    }
                    assertSums(cohort, aggregate, survivors);
                }
            }
        }
    }

    @Test
    void oneMoreThanToleratedEndsWithNothing() throws Exception {
        Sharing sharing = Sharing.Complete.of(6, 0, Adversary.ACTIVE);
        for (Stage stage : STAGES) {
            Cohort cohort = Cohort.of(sharing, 2, 1);
            AggregatorSession aggregator = cohort.aggregator();
            Set<SiteId> dropped = chosen(0b10101);
            assertThatThrownBy(() -> cohort.runTo(
                            aggregator, Stage.DONE, (site, at) -> at.compareTo(stage) < 0 || !dropped.contains(site)))
                    .as("stage %s", stage)
                    .isInstanceOf(AggregationFailedException.class)
                    .hasMessageContaining("Provided: 3");
            assertThat(aggregator.stage()).isEqualTo(Stage.FAILED);
            assertThat(aggregator.aggregate()).isEmpty();
            cohort.sessions
                    .values()
                    .forEach(session -> assertThat(session.isOver())
                            .as("nobody has given a share unless the last stage was reached, %s", stage)
                            .isEqualTo(stage == Stage.ANSWERS
                                    && !dropped.contains(session.advertisement().site())));
        }
    }

    @Test
    void aHundredSitesDropOutAtRandom() throws Exception {
        RingAssumptions assumptions = new RingAssumptions(100, 0.05, 0.2, Adversary.CURIOUS, 40, 20);
        Sharing sharing = Sharing.Ring.of(assumptions);
        for (int seed = 0; seed < 2; seed++) {
            Random random = new Random(seed);
            Cohort cohort = Cohort.of(sharing, 50, seed);
            List<SiteId> shuffled = new ArrayList<>(cohort.terms.sites());
            Collections.shuffle(shuffled, random);
            Map<Stage, Set<SiteId>> dropped = new EnumMap<>(Stage.class);
            for (SiteId site : shuffled.subList(0, 20)) {
                dropped.computeIfAbsent(STAGES.get(random.nextInt(STAGES.size())), it -> new HashSet<>())
                        .add(site);
            }
            Aggregate aggregate = cohort.runWithout(dropped);
            Set<SiteId> survivors = new TreeSet<>(cohort.terms.sites());
            for (Stage stage : List.of(Stage.KEYS, Stage.SHARES, Stage.INPUTS)) {
                survivors.removeAll(dropped.getOrDefault(stage, Set.of()));
            }
            assertSums(cohort, aggregate, survivors);
        }
    }

    @Test
    void workersGiveTheSameSum() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        RingVector one = masked(Workers.callingThread());
        RingVector two = masked(Workers.of(pool, 3));
        pool.shutdown();
        assertThat(one).isEqualTo(two);
        assertThat(one.element(3 * Masks.SEGMENT + 4)).isNotZero();
    }

    /** Word by word, with the cipher begun anew for every segment of every mask, as version 1 says. */
    @Test
    void masksAreAddedAndTakenAwayAsASlowOracleDoesIt() throws GeneralSecurityException {
        long seed = 20_261_126;
        Random random = new Random(seed);
        int length = Masks.SEGMENT + 4_099;
        for (Modulus modulus : List.of(Modulus.TWO_32, Modulus.TWO_64)) {
            for (int count : new int[] {1, 2, 3, 4, 5, 31, 32, 33, 37}) {
                RingVector vector = RingVector.of(modulus, random.longs(length).toArray());
                RingVector expected = vector.copy();
                Masks masks = new Masks();
                for (int i = 0; i < count; i++) {
                    byte[] key = new byte[32];
                    random.nextBytes(key);
                    boolean isAdded = random.nextBoolean();
                    addSlowly(expected, key, isAdded ? 1 : -1);
                    if (isAdded) {
                        masks.add(key);
                    } else {
                        masks.subtract(key);
                    }
                }
                masks.applyTo(vector, Workers.callingThread());
                assertThat(vector)
                        .as("seed %d, modulo %s, %d masks", seed, modulus, count)
                        .isEqualTo(expected);
            }
        }
    }

    private static void addSlowly(RingVector vector, byte[] key, int sign) throws GeneralSecurityException {
        int width = vector.modulus().bytes();
        for (int from = 0; from < vector.length(); from += Masks.SEGMENT) {
            byte[] counter =
                    ByteBuffer.allocate(16).putLong(from / Masks.SEGMENT).array();
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
            int count = Math.min(Masks.SEGMENT, vector.length() - from);
            ByteBuffer stream =
                    ByteBuffer.wrap(cipher.doFinal(new byte[count * width])).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                vector.add(from + i, sign * (width == Long.BYTES ? stream.getLong() : stream.getInt()));
            }
        }
    }

    private static RingVector masked(Workers workers) {
        RingVector vector = RingVector.zeros(Modulus.TWO_32, 3 * Masks.SEGMENT + 5);
        Masks masks = new Masks();
        for (byte i = 0; i < 5; i++) {
            byte[] key = new byte[32];
            Arrays.fill(key, i);
            masks.add(key);
        }
        masks.applyTo(vector, workers);
        return vector;
    }

    private static Set<SiteId> chosen(int subset) {
        Set<SiteId> sites = new HashSet<>();
        for (int i = 0; i < 32; i++) {
            if ((subset >>> i & 1) == 1) {
                sites.add(Cohort.site(i));
            }
        }
        return sites;
    }

    private static void assertSums(Cohort cohort, Aggregate aggregate, Iterable<SiteId> survivors) {
        assertThat(aggregate.survivors()).containsExactlyElementsOf(survivors);
        assertThat(aggregate.sums()).isEqualTo(cohort.sums(survivors));
    }
}
