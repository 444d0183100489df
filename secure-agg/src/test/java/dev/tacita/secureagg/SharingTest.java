package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Adversary;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharingTest {
    private static final Octets SEED = Octets.copyOf(new byte[32]);

    /**
     * E12: the table of fcp's secagg, sigma = 40, eta = 20; for 10, 100, ... 10^6 sites the degree and the largest
     * threshold, "-" where the table has none.
     */
    @ParameterizedTest
    @CsvSource(textBlock = """
            0.45, 0.45, CURIOUS,        '-      92/46  822/417  3494/1771 5508/2788 6240/3156'
            0.33, 0.33, CURIOUS,        '8/4    68/34  286/150  422/221   480/251   518/270'
            0.30, 0.30, SEMI_MALICIOUS, '-      92/62  872/584  4822/3230 9388/6286 11136/7454'
            0.05, 0.33, CURIOUS,        '4/2    28/6   72/24    86/29     96/32     102/34'
            0.05, 0.33, SEMI_MALICIOUS, '8/5    72/39  398/223  746/420   882/496   970/545'
            0.33, 0.05, CURIOUS,        '4/4    34/29  78/60    92/70     102/77    110/83'
            0.33, 0.05, SEMI_MALICIOUS, '4/4    42/37  132/109  178/146   196/160   212/173'
            0.05, 0.05, CURIOUS,        '2/2    12/6   30/17    34/20     36/21     38/22'
            0.05, 0.05, SEMI_MALICIOUS, '2/2    16/11  52/37    62/44     68/48     74/52'
            0.33, 0.00, CURIOUS,        '4/4    26/25  38/36    42/40     46/44     50/47'
            0.33, 0.00, SEMI_MALICIOUS, '4/4    26/26  38/37    42/41     46/45     50/49'
            0.00, 0.33, CURIOUS,        '4/2    26/2   38/2     42/2      46/2      50/2'
            0.00, 0.33, SEMI_MALICIOUS, '8/5    68/35  228/115  326/164   372/187   410/206'
            0.00, 0.00, CURIOUS,        '2/2    2/2    2/2      2/2       2/2       2/2'
            0.00, 0.00, SEMI_MALICIOUS, '2/2    2/2    2/2      2/2       2/2       2/2'
            """)
    void degreesAndThresholdsAreThoseOfTheTable(
            double corrupted, double dropouts, Adversary adversary, String expected) {
        int sites = 10;
        for (String cell : expected.trim().split("\\s+")) {
            if (!cell.equals("-")) {
                Sharing ring = Sharing.Ring.of(new RingAssumptions(sites, corrupted, dropouts, adversary, 40, 20));
                assertThat(ring.degree()).as("%s sites", sites).isEqualTo(Integer.parseInt(cell.replaceAll("/.*", "")));
                assertThat(ring.threshold())
                        .as("%s sites", sites)
                        .isLessThanOrEqualTo(Integer.parseInt(cell.replaceAll(".*/", "")))
                        .isGreaterThanOrEqualTo(2);
            }
            sites *= 10;
        }
    }

    /** The table bounds thresholds from above; these are met. */
    @Test
    void thresholdsMeetThePublishedOnes() {
        int[][] exact = {{100, 6}, {1000, 17}, {10_000, 20}, {100_000, 21}, {1_000_000, 22}};
        for (int[] row : exact) {
            assertThat(Sharing.Ring.of(new RingAssumptions(row[0], 0.05, 0.05, Adversary.CURIOUS, 40, 20))
                            .threshold())
                    .as("%s sites", row[0])
                    .isEqualTo(row[1]);
        }
    }

    /** Tails against sums of fractions of binomials. */
    @Test
    void tailsAreThoseOfTheHypergeometricDistribution() {
        for (int total = 2; total <= 25; total++) {
            for (int marked = 0; marked <= total; marked++) {
                for (int drawn = 1; drawn <= total; drawn++) {
                    for (double probability : new double[] {1e-9, 1e-3, 0.2999}) {
                        double sum = 0;
                        int largest = -1;
                        for (int x = 0; x <= drawn; x++) {
                            sum += choices(marked, x) * choices(total - marked, drawn - x) / choices(total, drawn);
                            if (sum < probability) {
                                largest = x;
                            }
                        }
                        int least = Math.max(0, marked + drawn - total);
                        assertThat(new Hypergeometric(total, marked, drawn).largestBelow(probability))
                                .as("%s of %s marked, %s drawn", marked, total, drawn)
                                .isEqualTo(Math.max(largest, least - 1));
                    }
                }
            }
        }
    }

    private static double choices(int from, int taken) {
        if (taken < 0 || taken > from) {
            return 0;
        }
        double product = 1;
        for (int i = 0; i < taken; i++) {
            product = product * (from - i) / (i + 1);
        }
        return Math.rint(product);
    }

    @Test
    void aRingThatCannotBeSafeIsRefusedWithTheReason() {
        assertThatThrownBy(() -> new RingAssumptions(1000, 0.5, 0.5, Adversary.CURIOUS, 40, 20))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("corrupted + dropouts must be <= 0.9");
        assertThatThrownBy(() -> new RingAssumptions(1000, 0.33, 0.33, Adversary.SEMI_MALICIOUS, 40, 20))
                .hasMessageContaining("corrupted + 2 x dropouts must be <= 0.9");
        assertThatThrownBy(() -> new RingAssumptions(1000, 0.1, 0.1, Adversary.ACTIVE, 40, 20))
                .hasMessageContaining("Use the complete graph");
        assertThatThrownBy(() -> new RingAssumptions(0, -1, 1, Adversary.CURIOUS, 0, 0))
                .hasMessageContaining("sites: must be 3 to 1000000. Provided value: 0")
                .hasMessageContaining("corrupted-fraction: must be >= 0 and < 1. Provided value: -1.0")
                .hasMessageContaining("dropout-fraction: must be >= 0 and < 1. Provided value: 1.0")
                .hasMessageContaining("security-bits")
                .hasMessageContaining("correctness-bits");
        assertThatThrownBy(() -> Sharing.Ring.of(new RingAssumptions(10, 0.45, 0.45, Adversary.CURIOUS, 40, 20)))
                .hasMessageContaining("no ring of 10 sites is safe");
    }

    @Test
    void thresholdsOfTheCompleteGraphThatAreNotSafeAreRefused() {
        for (int sites = 2; sites <= 12; sites++) {
            for (int corrupted = 0; corrupted <= sites - 2; corrupted++) {
                for (int threshold = 2; threshold <= sites; threshold++) {
                    boolean safeFromCurious = threshold > corrupted;
                    boolean safeFromActive = 2 * threshold > sites + corrupted;
                    assertJudged(sites, corrupted, threshold, Adversary.CURIOUS, safeFromCurious);
                    assertJudged(sites, corrupted, threshold, Adversary.SEMI_MALICIOUS, safeFromActive);
                    assertJudged(sites, corrupted, threshold, Adversary.ACTIVE, safeFromActive);
                }
            }
        }
        assertThatThrownBy(() -> new Sharing.Complete(10, 2, Adversary.ACTIVE, 6))
                .hasMessageContaining(
                        "must be >= 7 and <= 10 for 10 sites, 2 of them corrupted, and a active aggregator");
        assertThatThrownBy(() -> new Sharing.Complete(3, 2, Adversary.ACTIVE, 3))
                .hasMessageContaining("the sum of one honest site is its input");
    }

    private static void assertJudged(int sites, int corrupted, int threshold, Adversary adversary, boolean safe) {
        if (safe) {
            assertThatCode(() -> new Sharing.Complete(sites, corrupted, adversary, threshold))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> new Sharing.Complete(sites, corrupted, adversary, threshold))
                    .isInstanceOf(ProblemsException.class);
        }
    }

    @Test
    void neighboursOfARingAreMutualAndItsOrderComesFromTheSeed() {
        SharingGraph ring = SharingGraph.ring(50, 6, SEED);
        Set<String> orders = new HashSet<>();
        for (int site = 0; site < 50; site++) {
            int self = site;
            int[] neighbours = ring.neighbours(site);
            assertThat(neighbours)
                    .hasSize(6)
                    .doesNotContain(site)
                    .doesNotHaveDuplicates()
                    .isSorted();
            assertThat(ring.holders(site)).isEqualTo(neighbours);
            assertThat(Arrays.stream(neighbours).boxed())
                    .allSatisfy(other -> assertThat(ring.neighbours(other)).contains(self));
        }
        for (byte i = 0; i < 20; i++) {
            byte[] seed = new byte[32];
            seed[0] = i;
            orders.add(Arrays.toString(
                    SharingGraph.ring(50, 2, Octets.copyOf(seed)).neighbours(0)));
        }
        assertThat(orders).hasSizeGreaterThan(15);
        assertThat(SharingGraph.complete(4).neighbours(1)).containsExactly(0, 2, 3);
        assertThat(SharingGraph.complete(4).holders(1)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void everyOrderOfARingIsAsLikely() {
        long[] counts = new long[49];
        for (int i = 0; i < 1500; i++) {
            byte[] seed = new byte[32];
            seed[0] = (byte) i;
            seed[1] = (byte) (i >> 8);
            for (int neighbour : SharingGraph.ring(50, 2, Octets.copyOf(seed)).neighbours(0)) {
                counts[neighbour - 1]++;
            }
        }
        Uniformity.assertUniform("neighbours of the first site", counts);
    }
}
