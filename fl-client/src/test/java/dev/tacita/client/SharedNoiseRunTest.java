package dev.tacita.client;

import static dev.tacita.client.PrivateFederation.DELTA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.server.RunState;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.Channel;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code privacy: federation} under secure aggregation: sites add the noise in shares, and nobody has a sum without it. */
@Timeout(60)
class SharedNoiseRunTest {
    private static final String PLAN = plan("{clip: 0.5, noise-multiplier: 20, delta: 0.001}");

    private final Path folder;
    private final SecureFederation federation;

    SharedNoiseRunTest(@TempDir Path folder) {
        this.folder = folder;
        this.federation = new SecureFederation(folder, PrivateFederation.budget(9));
    }

    private static String plan(String privacy) {
        return SecureFederation.PLAN
                .replace("privacy: none", "privacy: {federation: " + privacy + "}")
                .replace("largest-value: 4", "largest-value: 100")
                .replace("largest-weight: 100", "largest-weight: 1");
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void whatASumRevealsIsInTheLedgersOfTheSitesAndOfTheFederation() throws Exception {
        federation.start();
        SecureFederation.SITES.forEach(site -> join(site, Accounting.RDP));
        RunId run = federation.submit(PLAN);
        RunState ended = federation.awaitEnd(run);
        assertThat(ended.ended().orElseThrow().reason()).contains("are done");
        PlannedPrivacy planned = planned(PLAN);
        // Two updates are twice the norm apart; rounding adds to that, and the noise with it.
        assertThat(((Event.ZeroConcentrated) planned.step()).rho()).isCloseTo(0.5 / (10 * 10), within(1e-9));
        Event all = new Event.Composed(List.of(planned.step().times(3)));
        for (String site : SecureFederation.SITES) {
            assertThat(PrivateFederation.account(folder.resolve(site)).revealed())
                    .as(site)
                    .isEqualTo(all);
        }
        assertThat(PrivateFederation.account(folder.resolve("runs")).revealed()).isEqualTo(all);
        double epsilon = new RdpAccountant(NeighbouringRelation.REPLACE_ONE)
                .account(all)
                .epsilon(DELTA)
                .epsilon();
        List<RoundClosed> closings = federation.closings(run);
        assertThat(closings.get(2).epsilon()).hasValue(epsilon);
        assertThat(Files.readString(folder.resolve("runs").resolve(run.value()).resolve("report.html")))
                .contains("Noise in shares of the sites bounds what the sums of their updates, and so the models, say")
                .contains("noise of the sites, in shares, on the sum: clipped to 0.5, noise multiplier 20.0")
                .contains(String.format(Locale.ROOT, "%.4f", epsilon));
        assertThat(federation.said(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEmpty();
    }

    @Test
    void theNoiseOfTheModelIsThatOfAllWhoAnswered() throws Exception {
        int rounds = 40;
        String still = PLAN.replace("rounds: 3", "rounds: " + rounds).replaceAll("rate: [0-9.e-]+", "rate: 1e-30");
        assertThat(still).contains("1e-30");
        federation.start();
        SecureFederation.SITES.forEach(site -> join(site, Accounting.RDP));
        RunId run = federation.submit(still);
        federation.awaitEnd(run);
        List<RoundClosed> closings = federation.closings(run);
        float[] before = federation.parameters(closings.get(0).model());
        double squares = 0;
        int count = 0;
        double share = 20 * 0.5 / Math.sqrt(2);
        double expected = 0;
        for (RoundClosed closed : closings.subList(1, rounds)) {
            float[] after = federation.parameters(closed.model());
            expected += share * share * closed.counted().size() / 9 * after.length;
            for (int i = 0; i < after.length; i++) {
                squares += (after[i] - before[i]) * (after[i] - before[i]);
                count++;
            }
            before = after;
        }
        assertThat(closings.get(1).counted()).hasSize(3);
        assertThat(Math.sqrt(squares / count))
                .as("deviation of %s noises; four deviations of it are one ninth", count)
                .isCloseTo(Math.sqrt(expected / count), within(Math.sqrt(expected / count) / 9));
    }

    @Test
    void aPlanWhoseNumbersLeaveNoRoomForNoiseIsRefused() throws Exception {
        federation.start();
        assertThatThrownBy(() -> federation.submit(PLAN.replace("largest-value: 100", "largest-value: 1")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("privacy: protection.largest-value x largest-weight must be >= ")
                .hasMessageContaining("to leave room for the noise that a site adds to its update. Provided value: 1");
        assertThatThrownBy(() -> federation.submit(PLAN.replace("largest-value: 100", "largest-value: 0.4")
                        .replace("largest-weight: 1", "largest-weight: 1000")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("privacy: protection.largest-value must be above federation.clip")
                .hasMessageContaining("Provided values: 0.4, 0.5.");
        assertThatThrownBy(() -> federation.submit(
                        PLAN.replace("bits: 28", "bits: 2").replace("noise-multiplier: 20", "noise-multiplier: 0.01")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("the noise of a share must be at least half a step of the ring");
    }

    @Test
    void aSiteThatCountsByLossDistributionsSaysThatItCannotCountThis() throws Exception {
        federation.start();
        SecureFederation.SITES.forEach(site -> join(site, site.equals("east") ? Accounting.PLD : Accounting.RDP));
        RunId run = federation.submit(PLAN);
        String reason = await("the refusal of east")
                .until(
                        () -> federation.aggregator().history(run).orElseThrow().refusals(),
                        refusals -> !refusals.isEmpty())
                .get(0)
                .refusal()
                .reasons()
                .get(0);
        assertThat(reason).startsWith("the plan's privacy cannot be had here: ");
    }

    private void join(String site, Accounting accounting) {
        federation.join(
                site,
                federation
                        .builder(site)
                        .transport(federation.transport)
                        .workFolder(folder.resolve(site))
                        .policy(SecureFederation.policy()
                                .privacy(new PrivacyDemand.Required(
                                        PrivacyLevel.FEDERATION,
                                        9,
                                        new TreeMap<>(Map.of("sample", 9.0)),
                                        DELTA,
                                        accounting))
                                .build()));
    }

    private static PlannedPrivacy planned(String plan) {
        RunPlan read = RunPlanReader.read("plan", plan);
        return PlannedPrivacy.of(read, 30).orElseThrow();
    }
}
