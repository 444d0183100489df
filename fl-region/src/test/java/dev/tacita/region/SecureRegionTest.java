package dev.tacita.region;

import static dev.tacita.region.Samples.PLAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SitePolicy;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.server.report.RoundLine;
import dev.tacita.server.report.RunHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three regions of three sites: a region learns sums of its sites, and the aggregator of regions sums of regions. */
@Timeout(120)
class SecureRegionTest {
    private static final List<String> REGIONS = List.of("east", "north", "south");
    private static final String SECURE = """
            protection:
              secure-aggregation:
                adversary: active
                corrupted: 0
                drop-outs: 0
                stage-deadline: 60s
                largest-value: 4
                largest-weight: %d
                bits: %d
                modulus-bits: 32""";

    private static String plan(String protection) {
        return PLAN.replace("quorum: 2", "quorum: 3").replace("protection: plain", protection);
    }

    private static SitePolicy policy(ProtectionDemand least) {
        return Samples.policy().leastProtection(least).smallestCohort(3).build();
    }

    private static RunHistory run(
            Path folder, String plan, ProtectionSpec inRegions, ProtectionDemand least, List<float[]> model)
            throws InterruptedException {
        Map<String, FederationKeys> keys = new HashMap<>();
        keys.put("root", new FederationKeys(REGIONS));
        for (int region = 0; region < REGIONS.size(); region++) {
            keys.put(
                    REGIONS.get(region),
                    new FederationKeys(IntStream.range(3 * region, 3 * region + 3)
                            .mapToObj(site -> "s" + site)
                            .toList()));
        }
        try (TwoLevels federations = new TwoLevels(folder, keys)) {
            for (int region = 0; region < REGIONS.size(); region++) {
                federations.region(
                        REGIONS.get(region),
                        new RegionSettings(3, 3, 1, Duration.ofSeconds(60), 0, inRegions),
                        policy(least));
                for (int site = 3 * region; site < 3 * region + 3; site++) {
                    federations.site(REGIONS.get(region), site, policy(least), new EngineTrainer());
                }
            }
            RunId run = federations.root().submit(plan).join();
            model.add(federations.parameters(run));
            for (String region : REGIONS) {
                assertThat(federations.runs(region))
                        .hasSize(4)
                        .allSatisfy(part -> assertThat(part.lines())
                                .allMatch(line ->
                                        line.sum().isPresent() == (least.least() == Protection.SECURE_AGGREGATION)));
            }
            return federations.end(run);
        }
    }

    @Test
    void bothLevelsLearnSumsAndTheModelIsThePlainOneButForRounding(@TempDir Path folder) throws InterruptedException {
        List<float[]> models = new ArrayList<>();
        run(
                folder.resolve("plain"),
                plan("protection: plain"),
                new ProtectionSpec.Plain(),
                ProtectionDemand.PLAIN,
                models);
        ProtectionSpec inRegions =
                RunPlanReader.read("plan", plan(SECURE.formatted(100, 28))).protection();
        RunHistory history = run(
                folder.resolve("secure"),
                plan(SECURE.formatted(300, 28)),
                inRegions,
                new ProtectionDemand.SecureAggregation(Adversary.ACTIVE, 0),
                models);
        assertThat(history.lines()).hasSize(4).allMatch(line -> line.sum().isPresent());
        assertThat(history.lines().get(0).sum().orElseThrow().weight())
                .isEqualTo(
                        IntStream.range(0, 9).mapToLong(site -> 10 + 7L * site).sum());
        assertThat(history.finalTest().flatMap(RoundLine::test).orElseThrow().examples())
                .isEqualTo(IntStream.range(0, 9).mapToLong(site -> 9L + site).sum());
        float[] plain = models.get(0);
        float[] secure = models.get(1);
        for (int i = 0; i < plain.length; i++) {
            assertThat(Math.abs(plain[i] - secure[i])).as("parameter %d", i).isLessThan(2e-5f);
        }
        assertThat(secure).isNotEqualTo(plain);
    }
}
