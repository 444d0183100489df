package dev.tacita.client;

import static dev.tacita.config.Kinds.file;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.path;
import static dev.tacita.config.Kinds.secret;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;
import static java.util.Objects.requireNonNull;

import dev.tacita.config.Secret;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.config.YamlFile;
import dev.tacita.core.FederationId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Protection;
import dev.tacita.keys.KeyFile;
import dev.tacita.keys.TrustedKeys;
import dev.tacita.secureagg.SigningIdentity;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a site's agent is told by its people, in {@code site.yaml}.
 *
 * @param site its name
 * @param federation whose aggregator it follows
 * @param workFolder where the agent keeps its place and its egress record
 * @param kafka properties of the Kafka client, passed on as they are; no message shows a value
 * @param keys for runs under secure aggregation, which are refused without
 * @param data the datasets it offers; none only where the site is a region
 * @param policy what it takes part in
 */
public record SiteConfig(
        SiteId site,
        FederationId federation,
        Path workFolder,
        Map<String, Secret> kafka,
        Optional<SiteKeys> keys,
        List<DataSource> data,
        SitePolicy policy) {
    /**
     * A dataset to be read.
     *
     * @param schema the file that says what the data looks like
     * @param data the file or folder that holds it; empty where the schema file names it
     */
    public record DataSource(Path schema, Optional<Path> data) {
        public DataSource {
            requireNonNull(schema, "schema is null");
            requireNonNull(data, "data is null");
        }
    }

    public SiteConfig {
        requireNonNull(site, "site is null");
        requireNonNull(federation, "federation is null");
        requireNonNull(workFolder, "workFolder is null");
        kafka = Collections.unmodifiableMap(new LinkedHashMap<>(kafka));
        requireNonNull(keys, "keys is null");
        data = List.copyOf(data);
        requireNonNull(policy, "policy is null");
        if (policy.leastProtection().least() == Protection.SECURE_AGGREGATION && keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "keys must be given, as the policy's least-protection is secure-aggregation");
        }
    }

    /**
     * Reads a file; paths in it are relative to its folder.
     *
     * @throws dev.tacita.core.ProblemsException with every problem of the file, and of the policy file it names
     */
    public static SiteConfig read(Path file) {
        return YamlFile.read(file, SiteConfig::config);
    }

    /** The part of a file that says what a region is to the federation of regions: the same, without data. */
    public static Value<SiteConfig> region(Section section) {
        return config(section, Value.of(List.of()));
    }

    /** The Kafka client's properties in the clear, for the client only. */
    public Map<String, String> kafkaProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        kafka.forEach((key, value) -> properties.put(key, value.reveal()));
        return properties;
    }

    private static Value<SiteConfig> config(Section root) {
        Value<List<DataSource>> data = root.required("data", list(section(SiteConfig::source)));
        return config(root, root.create(() -> {
            if (data.get().isEmpty()) {
                throw new IllegalArgumentException("data must name at least one dataset");
            }
            return data.get();
        }));
    }

    private static Value<SiteConfig> config(Section root, Value<List<DataSource>> data) {
        Value<SiteId> site = root.required("site", text().map(SiteId::new));
        Value<FederationId> federation = root.required("federation", text().map(FederationId::new));
        Value<Path> workFolder = root.required("work-folder", path());
        Value<Map<String, Secret>> kafka = root.required("kafka", map(secret()));
        Value<SitePolicy> policy = root.required("policy", SitePolicyReader::policy);
        Value<Optional<SiteKeys>> keys = root.optional("keys", section(keysOf -> keys(keysOf, site)));
        return root.create(() -> new SiteConfig(
                site.get(), federation.get(), workFolder.get(), kafka.get(), keys.get(), data.get(), policy.get()));
    }

    private static Value<SiteKeys> keys(Section section, Value<SiteId> site) {
        Value<SigningIdentity> identity = section.required("private-key", file().map(KeyFile::readIdentity));
        Value<TrustedKeys> trusted = section.required("trusted-keys", file().map(TrustedKeys::read));
        return section.create(() -> new SiteKeys(
                identity.get(),
                trusted.get().registry(site.get(), identity.get().publicKey()),
                trusted.get()
                        .aggregator()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "trusted-keys must have the aggregator's key too, under 'aggregator'"))
                        .key()
                        .bytes()));
    }

    private static Value<DataSource> source(Section section) {
        Value<Path> schema = section.required("schema", file());
        Value<Optional<Path>> data = section.optional("data", path());
        return section.create(() -> new DataSource(schema.get(), data.get()));
    }
}
