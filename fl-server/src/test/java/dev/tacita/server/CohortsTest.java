package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CohortsTest {
    private static RunPlan plan(double fraction, int quorum) {
        return Plans.read(
                Federation.plan(3, 1, 5, quorum, quorum, Federation.FEDAVG) + "cohort-fraction: " + fraction + "\n");
    }

    private static SortedSet<SiteId> sites(int count) {
        SortedSet<SiteId> sites = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            sites.add(new SiteId("site-" + i));
        }
        return sites;
    }

    @Test
    void theSameRoundDrawsTheSameCohortAndOthersDrawOthers() {
        Set<List<SiteId>> seen = new HashSet<>();
        for (int round = 1; round <= 20; round++) {
            List<SiteId> cohort = Cohorts.sample(plan(0.1, 2), round, 1, sites(100));
            assertThat(cohort).hasSize(10).isSorted().doesNotHaveDuplicates();
            assertThat(Cohorts.sample(plan(0.1, 2), round, 1, sites(100))).isEqualTo(cohort);
            assertThat(Cohorts.sample(plan(0.1, 2), round, 2, sites(100))).isNotEqualTo(cohort);
            seen.add(cohort);
        }
        assertThat(seen).hasSize(20);
    }

    @Test
    void everySiteIsDrawnAboutEquallyOften() {
        int rounds = 2000;
        int[] drawn = new int[10];
        for (int round = 1; round <= rounds; round++) {
            for (SiteId site : Cohorts.sample(plan(0.3, 1), round, 1, sites(10))) {
                drawn[site.value().charAt(5) - '0']++;
            }
        }
        // Six standard deviations of a binomial with 2000 draws of 0.3.
        for (int count : drawn) {
            assertThat(count).isBetween(600 - 123, 600 + 123);
        }
    }

    @Test
    void aCohortIsAtLeastOneAndAtLeastTheQuorumAndAtMostAll() {
        assertThat(Cohorts.sample(plan(0.01, 1), 1, 1, sites(10))).hasSize(1);
        assertThat(Cohorts.sample(plan(0.1, 3), 1, 1, sites(10))).hasSize(3);
        assertThat(Cohorts.sample(plan(1, 3), 1, 1, sites(10))).hasSize(10);
        assertThat(Cohorts.sample(plan(0.5, 3), 1, 1, sites(2))).hasSize(2);
    }
}
