package dev.tacita.client;

import static dev.tacita.client.PrivateFederation.DELTA;
import static dev.tacita.client.PrivateFederation.budget;
import static dev.tacita.client.PrivateFederation.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.server.report.RoundLine;
import dev.tacita.server.report.RunHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateRunTest {
    private static final int ROWS = 30;
    private static final String EXAMPLES = plan("{examples: {clip: {flat: {norm: 1}}, epsilon: 2, delta: 0.001}}");
    private static final String SITE = plan("{site: {clip: 0.5, noise-multiplier: 20, delta: 0.001}}");
    private static final String FEDERATION = plan("{federation: {clip: 0.5, noise-multiplier: 20, delta: 0.001}}");

    private final Path folder;

    PrivateRunTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static String plan(String privacy) {
        return Samples.PLAN.replace("privacy: none", "privacy: " + privacy).replace("quorum: 1", "quorum: 2");
    }

    @Test
    void whatHidesExamplesIsInTheLedgerAsTheAccountantCountsIt() throws Exception {
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            federation.join("a", policy(PrivacyLevel.EXAMPLES, 2, 3));
            federation.join("b", policy(PrivacyLevel.EXAMPLES, 2, 3));
            RunHistory history = federation.run(EXAMPLES);
            assertThat(history.roundsCompleted()).isEqualTo(3);
            PlannedPrivacy planned = planned(EXAMPLES);
            double rate = 4.0 / ROWS;
            Event all = Event.dpSgd(rate, planned.noiseMultiplier(), 3 * 15);
            assertThat(federation.account("a").revealed()).isEqualTo(new Event.Composed(List.of(all)));
            double epsilon = new RdpAccountant(NeighbouringRelation.ADD_OR_REMOVE_ONE)
                    .account(all)
                    .epsilon(DELTA)
                    .epsilon();
            assertThat(epsilon).isBetween(1.99, 2.0);
            assertThat(federation.account("a").spent().epsilon()).isEqualTo(epsilon);
            assertThat(history.epsilon(new SiteId("a"))).hasValue(epsilon);
            List<RoundLine> lines = history.lines();
            for (int round = 1; round <= 3; round++) {
                RoundLine line = lines.get(round - 1);
                assertThat(line.epsilon()).hasValue(planned.after(round).epsilon());
                assertThat(line.training()).as("metrics of training rows stay").isEmpty();
                assertThat(line.validation()).isPresent();
                assertThat(line.counted()).allMatch(counted -> counted.weight() == ROWS);
                assertThat(line.privacy().orElseThrow().accountant()).isEqualTo("RDP");
                assertThat(RoundLine.parse(line.toJson())).isEqualTo(line);
            }
            assertThat(Files.readString(
                            folder.resolve("runs").resolve("a-sample-1").resolve("report.html")))
                    .contains("add or remove one training row of a site")
                    .contains(String.format(Locale.ROOT, "%.4f", epsilon));
        }
    }

    @Test
    void aNormThatFollowsAQuantileCostsWhatThePlanSays() throws Exception {
        String adaptive = EXAMPLES.replace(
                "flat: {norm: 1}", "quantile: {initial-norm: 1, learning-rate: 0.01, count-deviation: 20}");
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            federation.join("a", policy(PrivacyLevel.EXAMPLES, 2, 3));
            federation.join("b", policy(PrivacyLevel.EXAMPLES, 2, 3));
            assertThat(federation.run(adaptive).roundsCompleted()).isEqualTo(3);
            assertThat(federation.account("a").spent().epsilon())
                    .isEqualTo(planned(adaptive).guarantee().epsilon());
            assertThat(Files.readString(
                            folder.resolve("runs").resolve("a-sample-1").resolve("report.html")))
                    .contains("gradients clipped to the 0.5 quantile of their norms, followed from 1.0");
        }
    }

    @Test
    void aCountWithTooLittleNoiseIsRefusedByTheSite() throws Exception {
        String adaptive = EXAMPLES.replace("flat: {norm: 1}", "quantile: {initial-norm: 1, count-deviation: 0.1}");
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            federation.join("a", policy(PrivacyLevel.EXAMPLES, 2, 3));
            federation.join("b", policy(PrivacyLevel.EXAMPLES, 2, 3));
            assertThat(refusal(federation, federation.submit(adaptive), "a"))
                    .startsWith("privacy: count-deviation: it must be above half the noise multiplier of ");
        }
    }

    @Test
    void theSecondRunIsRefusedByTheBudgetAlsoAfterARestart() throws Exception {
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            federation.join("a", policy(PrivacyLevel.EXAMPLES, 2, 2.1));
            federation.join("b", policy(PrivacyLevel.EXAMPLES, 2, 2.1));
            assertThat(federation.run(EXAMPLES).roundsCompleted()).isEqualTo(3);
            RunId second = federation.submit(EXAMPLES);
            assertThat(refusal(federation, second, "a"))
                    .startsWith("of-datasets: the budget of 'sample' is epsilon 2.1 at delta 0.001, of which");
            federation.leave("a");
            federation.aggregator().stop(second).join();
            federation.join("a", policy(PrivacyLevel.EXAMPLES, 2, 2.1));
            RunId third = federation.submit(EXAMPLES);
            assertThat(refusal(federation, third, "a")).startsWith("of-datasets: the budget of 'sample'");
            assertThat(federation.account("a").spent().epsilon()).isLessThanOrEqualTo(2.0);
        }
    }

    @Test
    void aSiteThatHidesItselfAddsNoiseToItsUpdate() throws Exception {
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            federation.join("a", policy(PrivacyLevel.SITE, 1.5, 2));
            federation.join("b", policy(PrivacyLevel.SITE, 1.5, 2));
            RunHistory history = federation.run(SITE);
            Event all = new Event.Gaussian(10).times(3);
            assertThat(federation.account("b").revealed()).isEqualTo(new Event.Composed(List.of(all)));
            assertThat(history.lines().get(2).epsilon())
                    .hasValue(new RdpAccountant(NeighbouringRelation.REPLACE_ONE)
                            .account(all)
                            .epsilon(DELTA)
                            .epsilon());
            assertThat(history.lines().get(0).counted()).allMatch(counted -> counted.weight() == 1);
        }
    }

    @Test
    void theAggregatorAddsNoiseToTheSumAndKeepsItsOwnLedger() throws Exception {
        try (PrivateFederation federation = new PrivateFederation(folder, budget(2))) {
            federation.join("a", policy(PrivacyLevel.FEDERATION, 1.5, 2));
            federation.join("b", policy(PrivacyLevel.FEDERATION, 1.5, 2));
            RunHistory history = federation.run(FEDERATION);
            Event all = new Event.Gaussian(10).times(3);
            assertThat(federation.accountOfFederation().revealed()).isEqualTo(new Event.Composed(List.of(all)));
            assertThat(federation.account("a").revealed()).isEqualTo(new Event.Composed(List.of(all)));
            assertThat(history.lines().get(2).epsilonOfModel())
                    .hasValue(planned(FEDERATION).guarantee().epsilon());
            assertThatThrownBy(() -> federation.submit(FEDERATION.replace("rounds: 3", "rounds: 300")))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("privacy: the budget of 'sample' is epsilon 2.0 at delta 0.001");
        }
    }

    @Test
    void noiseIsNeverTheSameTwice() throws Exception {
        for (String plan : List.of(EXAMPLES, SITE, FEDERATION)) {
            try (PrivateFederation federation =
                    new PrivateFederation(Files.createTempDirectory(folder, "twice"), budget(9))) {
                federation.join("a", policy(PrivacyLevel.FEDERATION, 2, 9));
                federation.join("b", policy(PrivacyLevel.FEDERATION, 2, 9));
                RunHistory first = federation.run(plan);
                RunHistory second = federation.run(plan);
                assertThat(first.lines().get(0).outcome())
                        .isEqualTo(second.lines().get(0).outcome());
                assertThat(first.model()).isNotEqualTo(second.model());
            }
        }
    }

    @Test
    void anAgentThatComesAndGoesHasAllThatItReleasedInItsLedger() throws Exception {
        long seed = 20260315;
        SplittableRandom random = new SplittableRandom(seed);
        String plan = EXAMPLES.replace("rounds: 3", "rounds: 40").replace("epochs: 2", "steps: 20");
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            for (String site : List.of("a", "b", "c")) {
                federation.join(site, policy(PrivacyLevel.EXAMPLES, 2, 2.2));
            }
            RunId run = federation.submit(plan);
            for (int i = 0; i < 10; i++) {
                Thread.sleep(random.nextInt(40));
                federation.leave("c");
                federation.join("c", policy(PrivacyLevel.EXAMPLES, 2, 2.2));
            }
            assertThat(federation.end(run).roundsCompleted())
                    .as("seed %s", seed)
                    .isEqualTo(40);
            long steps = federation.account("c").steps().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(steps)
                    .as("seed %s: steps in the ledger", seed)
                    .isGreaterThanOrEqualTo(20L * federation.released("c"));
            assertThat(federation.account("c").spent().epsilon())
                    .as("seed %s", seed)
                    .isLessThanOrEqualTo(2.2);
        }
    }

    @Test
    void aPlanThatOffersLessThanThePolicyAsksForIsRefusedWithTheFigures() throws Exception {
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            federation.join("a", policy(PrivacyLevel.SITE, 1, 2));
            federation.join("b", policy(PrivacyLevel.EXAMPLES, 1, 2));
            federation.join("c", Samples.policy());
            RunId none = federation.submit(plan("none"));
            assertThat(refusal(federation, none, "a"))
                    .isEqualTo("least-privacy: the policy asks for at least 'site'; the plan's is 'none'");
            federation.aggregator().stop(none).join();
            RunId examples = federation.submit(EXAMPLES);
            assertThat(refusal(federation, examples, "a"))
                    .startsWith("least-privacy: the policy asks for at least 'site'; the plan's is 'examples'");
            assertThat(refusal(federation, examples, "b"))
                    .startsWith(
                            "largest-epsilon: the policy allows epsilon 1.0 at delta 0.001 in a run, counted by rdp;"
                                    + " the plan's 3 rounds come to 2")
                    .endsWith("with this site's 30 training rows");
            assertThat(refusal(federation, examples, "c"))
                    .isEqualTo("largest-epsilon: the policy has none, so that nothing counts what the plan's privacy"
                            + " 'examples' spends");
        }
    }

    @Test
    void aBudgetNeedsAFolderToBeKeptIn() throws Exception {
        try (PrivateFederation federation = new PrivateFederation(folder, Map.of())) {
            assertThatThrownBy(() -> Samples.participant("a")
                            .policy(policy(PrivacyLevel.EXAMPLES, 1, 2).build())
                            .transport(federation.transport())
                            .build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("needs a work folder");
            assertThatThrownBy(() -> federation.submit(FEDERATION))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("Name one under privacy-budgets in aggregator.yaml.");
        }
    }

    @Test
    void moreRowsNeedLessNoise() {
        RunPlan plan = RunPlanReader.read("plan", EXAMPLES);
        double few = PlannedPrivacy.of(plan, 20).orElseThrow().noiseMultiplier();
        double many = PlannedPrivacy.of(plan, 2000).orElseThrow().noiseMultiplier();
        assertThat(many).isLessThan(few);
        assertThat(PlannedPrivacy.of(plan, 2000).orElseThrow().guarantee().epsilon())
                .isCloseTo(2, within(0.001))
                .isLessThanOrEqualTo(2);
    }

    private static String refusal(PrivateFederation federation, RunId run, String site) {
        return await("the refusal of " + site)
                .until(
                        () -> federation.aggregator().history(run).orElseThrow().refusals().stream()
                                .filter(refused ->
                                        refused.refusal().site().value().equals(site))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow()
                .refusal()
                .reasons()
                .get(0);
    }

    private static PlannedPrivacy planned(String plan) {
        return PlannedPrivacy.of(RunPlanReader.read("plan", plan), ROWS).orElseThrow();
    }
}
