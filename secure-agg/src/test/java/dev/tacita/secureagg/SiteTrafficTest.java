package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SiteTrafficTest {
    @Test
    void itIsWhatTheMessagesOfARoundComeTo() throws Exception {
        for (int sites : new int[] {2, 3, 7, 12}) {
            Cohort cohort = Cohort.of(Sharing.Complete.of(sites, 0, Adversary.ACTIVE), 2, sites);
            cohort.runWithout(Map.of());
            for (SiteId site : cohort.terms.sites()) {
                SiteTraffic traffic = SiteTraffic.of(site, cohort.terms.sites(), Cohort.VECTORS);
                assertThat(traffic.sent() + traffic.received())
                        .as("%s of %s", site, sites)
                        .isEqualTo(cohort.traffic(site));
                assertThat(traffic.sent()).isGreaterThan(4 * 37 + 8 * 5 + 6 * 11);
            }
        }
    }

    @Test
    void itIsOfASiteOfTheCohort() {
        assertThatThrownBy(() -> SiteTraffic.of(Cohort.site(2), Cohort.sites(2), Cohort.VECTORS))
                .hasMessageContaining("the cohort must have the site and another one");
        assertThatThrownBy(() -> SiteTraffic.of(Cohort.site(0), List.of(Cohort.site(0)), Cohort.VECTORS))
                .hasMessageContaining("the cohort must have the site and another one");
    }
}
