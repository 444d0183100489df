package dev.tacita.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.FederationId;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ProtectionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionConfigTest {
    private static final String GOOD = """
            site:
              site: north
              federation: country
              work-folder: work
              kafka: {bootstrap.servers: 'localhost:9092'}
              policy:
                datasets: [heart]
                algorithms: [hierarchical]
                layers: [dense]
                least-protection: plain
                least-privacy: none
                smallest-cohort: 2
                largest-rounds: 100
                share-metrics: true
                share-class-balance: false
            aggregator:
              federation: country-north
              runs-directory: runs
              kafka: {bootstrap.servers: 'localhost:9092'}
            rounds:
              quorum: 2
              deadline: 10m
              protection: plain
            """;

    private final Path folder;

    RegionConfigTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private RegionConfig read(String text) throws IOException {
        return RegionConfig.read(Files.writeString(folder.resolve("region.yaml"), text));
    }

    @Test
    void aRegionIsASiteAndAnAggregator() throws IOException {
        RegionConfig config = read(GOOD);
        assertThat(config.site().site()).isEqualTo(new SiteId("north"));
        assertThat(config.site().federation()).isEqualTo(new FederationId("country"));
        assertThat(config.site().data()).isEmpty();
        assertThat(config.site().workFolder()).isEqualTo(folder.resolve("work"));
        assertThat(config.aggregator().federation()).isEqualTo(new FederationId("country-north"));
        assertThat(config.aggregator().settings().runsDirectory()).isEqualTo(folder.resolve("runs"));
        assertThat(config.rounds())
                .isEqualTo(new RegionSettings(2, 2, 1, Duration.ofMinutes(10), 0, new ProtectionSpec.Plain()));
    }

    @Test
    void everyProblemIsToldAtOnceWithItsPlace() {
        assertThatThrownBy(() -> read(GOOD.replace("site: north", "site: North")
                        .replace("  policy:\n", "  data: [{schema: heart.yaml}]\n  policy:\n")
                        .replace("smallest-cohort: 2", "smallest-cohort: few")
                        .replace("runs-directory: runs", "runs: runs")
                        .replace("quorum: 2", "quorum: 0")
                        .replace("  protection: plain\n", "  protection: plian\n")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("region.yaml:2:9 site.site: ")
                .hasMessageContaining("region.yaml:6:3 site.data: unknown key.")
                .hasMessageContaining("site.policy.smallest-cohort: must be a whole number")
                .hasMessageContaining("aggregator.runs-directory: a value is required")
                .hasMessageContaining("aggregator.runs: unknown key. Known here: federation, runs-directory,")
                .hasMessageContaining("rounds.quorum: must be a whole number >= 1. Provided value: '0'.")
                .hasMessageContaining("rounds.protection: must be one of plain, secure-aggregation.");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatThrownBy(() -> read(GOOD.replace("country-north", "country")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "the federation of the region's sites must have another name than that of the regions."
                                + " Provided value: country.");
        assertThatThrownBy(() -> read(GOOD.replace("quorum: 2", "quorum: 2\n  sites: 1")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("sites must be at least the quorum of 2. Provided value: 1.");
        assertThatThrownBy(() -> read(GOOD.replace(
                        "  protection: plain\n",
                        "  protection: {secure-aggregation: {adversary: active, corrupted: 0, drop-outs: 0, stage-deadline:"
                                + " 30s, largest-value: 16.0, largest-weight: 10000, bits: 28, modulus-bits: 32}}\n")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "aggregator must have keys, as the protection of the region's rounds is secure-aggregation.");
    }
}
