package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.SiteId;
import dev.tacita.keys.KeyFile;
import dev.tacita.keys.TrustedKey;
import dev.tacita.keys.TrustedKeysFile;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.wire.InMemoryTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site's files say of keys. */
class SiteKeysTest {
    private static final String SITE = """
            site: north
            federation: heart
            work-folder: work
            data: [{schema: heart.yaml}]
            policy:
              algorithms: [fedavg]
              layers: [dense]
              least-protection: {secure-aggregation: {adversary: active, corrupted: 1}}
              least-privacy: none
              smallest-cohort: 3
              datasets: [heart]
              largest-rounds: any
              share-metrics: true
              share-class-balance: false
            kafka: {bootstrap.servers: localhost:9092}
            """;

    private final SigningIdentity north = SigningIdentity.generate();
    private final SigningIdentity south = SigningIdentity.generate();
    private final AggregatorKey aggregator = AggregatorKey.generate();
    private final Path folder;
    private final Path file;

    SiteKeysTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("site.yaml");
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("heart.yaml"), "");
        KeyFile.create(folder.resolve("site.key"), north);
        TrustedKeysFile.change(
                folder.resolve("trusted-keys.yaml"),
                keys -> keys.trust(new SiteId("south"), new TrustedKey<>(south.publicKey(), "")));
    }

    private SiteConfig read(String more) throws IOException {
        Files.writeString(file, SITE + more);
        return SiteConfig.read(file);
    }

    @Test
    void aSiteTrustsItselfTheOthersAndTheAggregator() throws IOException {
        TrustedKeysFile.change(
                folder.resolve("trusted-keys.yaml"),
                keys -> keys.trustAggregator(new TrustedKey<>(aggregator.knownAs(), "")));
        SiteConfig config = read("keys: {private-key: site.key, trusted-keys: trusted-keys.yaml}\n");
        SiteKeys keys = config.keys().orElseThrow();
        assertThat(keys.registry().sites()).extracting(SiteId::value).containsExactly("north", "south");
        assertThat(keys.registry().key(new SiteId("north"))).contains(north.publicKey());
        assertThat(keys.aggregatorKey()).isEqualTo(aggregator.publicKey());
        assertThat(config.toString()).doesNotContain(north.secretText());
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThatThrownBy(() -> read(""))
                .hasMessageContaining("keys must be given, as the policy's least-protection is secure-aggregation");
        assertThatThrownBy(() -> read("keys: {private-key: site.key, trusted-keys: trusted-keys.yaml}\n"))
                .hasMessageContaining("trusted-keys must have the aggregator's key too");
        assertThatThrownBy(() -> read("keys: {private-key: trusted-keys.yaml}\n"))
                .hasMessageContaining("keys.trusted-keys: a value is required")
                .hasMessageContaining("keys.private-key");
    }

    @Test
    void aParticipantWhoseRegistryHasAnotherKeyForItIsNotBuilt() {
        SiteKeys keys = new SiteKeys(
                north, SiteRegistry.of(Map.of(new SiteId("north"), south.publicKey())), aggregator.publicKey());
        try (InMemoryTransport transport = new InMemoryTransport(1)) {
            assertThatThrownBy(() -> Samples.participant("north")
                            .transport(transport)
                            .keys(keys)
                            .build())
                    .hasMessageContaining("the site's own key must be in its registry, under its name: north");
        }
    }
}
