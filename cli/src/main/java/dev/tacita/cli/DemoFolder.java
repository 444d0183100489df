package dev.tacita.cli;

import dev.tacita.config.Kinds;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.keys.KeyFile;
import dev.tacita.keys.TrustedKey;
import dev.tacita.keys.TrustedKeys;
import dev.tacita.keys.TrustedKeysFile;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.SigningIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of a demonstration, as people of a real federation would write them: one folder for the aggregator, one
 * for each site.
 */
final class DemoFolder {
    /** Where a plan names its noise, and not what that comes to. */
    private static final double LARGEST_EPSILON = 10;

    private final Path path;

    private DemoFolder(Path path) {
        this.path = path;
    }

    /** Writes a site's data, schema, policy and configuration, for each site. */
    static DemoFolder write(
            Path path, Demo demo, Optional<Path> data, String plan, String bootstrapServers, int apiPort)
            throws IOException {
        DemoFolder folder =
                new DemoFolder(Files.createDirectories(path).toAbsolutePath().normalize());
        RunPlan read = RunPlanReader.read("plan.yaml", plan);
        PrivacySpec privacy = read.privacy();
        for (String site : demo.sites()) {
            Path home = Files.createDirectories(folder.site(site));
            demo.writeData(site, data, privacy.level() == PrivacyLevel.EXAMPLES, home);
            Files.writeString(home.resolve("policy.yaml"), policy(demo, read));
            Files.writeString(home.resolve("site.yaml"), site(site, bootstrapServers) + keysOf(read, "site.key"));
        }
        if (isSecure(read)) {
            folder.writeKeys(demo);
        }
        Files.writeString(
                folder.path.resolve("aggregator.yaml"),
                """
                federation: demo
                runs-directory: runs
                api: {host: 127.0.0.1, port: %d}
                privacy-budgets: {delta: 0.00001, of-datasets: {%s: 10}}
                kafka:
                  bootstrap.servers: %s
                """.formatted(apiPort, demo.title(), bootstrapServers) + keysOf(read, "aggregator.key"));
        Files.writeString(folder.path.resolve("plan.yaml"), plan);
        return folder;
    }

    private static boolean isSecure(RunPlan plan) {
        return plan.protection().kind() == Protection.SECURE_AGGREGATION;
    }

    private static String keysOf(RunPlan plan, String file) {
        return isSecure(plan) ? "keys: {private-key: " + file + ", trusted-keys: trusted-keys.yaml}\n" : "";
    }

    /** A key for each, and what each trusts; in a real federation people compare the fingerprints first. */
    private void writeKeys(Demo demo) {
        AggregatorKey aggregator = AggregatorKey.generate();
        KeyFile.create(path.resolve("aggregator.key"), aggregator);
        Map<SiteId, SigningIdentity> identities = new TreeMap<>();
        for (String site : demo.sites()) {
            SigningIdentity identity = SigningIdentity.generate();
            KeyFile.create(site(site).resolve("site.key"), identity);
            identities.put(new SiteId(site), identity);
        }
        trust(path, identities, aggregator);
        demo.sites().forEach(site -> trust(site(site), identities, aggregator));
    }

    private static void trust(Path folder, Map<SiteId, SigningIdentity> sites, AggregatorKey aggregator) {
        String note = "made by the demo, compared by nobody";
        TrustedKeysFile.change(folder.resolve("trusted-keys.yaml"), keys -> {
            TrustedKeys all = keys.trustAggregator(new TrustedKey<>(aggregator.knownAs(), note));
            for (Map.Entry<SiteId, SigningIdentity> site : sites.entrySet()) {
                all = all.trust(site.getKey(), new TrustedKey<>(site.getValue().publicKey(), note));
            }
            return all;
        });
    }

    /** What was made for secure aggregation; empty if the plan is without. */
    Optional<String> keys() {
        return Files.exists(path.resolve("aggregator.key"))
                ? Optional.of(
                        "a private key for the aggregator and each site, and what each trusts, made for this demo:"
                                + " aggregator.key, sites/*/site.key, trusted-keys.yaml")
                : Optional.empty();
    }

    Path site(String site) {
        return path.resolve("sites").resolve(site);
    }

    Path siteConfig(String site) {
        return site(site).resolve("site.yaml");
    }

    Path aggregatorConfig() {
        return path.resolve("aggregator.yaml");
    }

    Path runs() {
        return path.resolve("runs");
    }

    /** The commands that start each part by hand, for a person to type in terminals of their own. */
    String howToStart(Demo demo) {
        StringBuilder text = new StringBuilder("tacita broker --folder " + path.resolve("broker") + "\n"
                + "tacita server --config " + aggregatorConfig() + "\n");
        for (String site : demo.sites()) {
            text.append("tacita agent --config ").append(siteConfig(site)).append('\n');
        }
        return text.append("tacita run submit --watch ")
                .append(path.resolve("plan.yaml"))
                .toString();
    }

    private static String site(String site, String bootstrapServers) {
        return """
                # The agent of the site %s.
                site: %s
                federation: demo
                work-folder: work
                data:
                  - schema: schema.yaml
                policy: policy.yaml
                kafka:
                  bootstrap.servers: %s
                  compression.type: zstd
                """.formatted(site, site, bootstrapServers);
    }

    /** As much privacy as the plan offers, for one run of it and no second. */
    private static String privacy(Demo demo, PrivacySpec privacy) {
        if (privacy.terms().isEmpty()) {
            return "least-privacy: none";
        }
        PrivacyTarget target = privacy.terms().get();
        String epsilon = target.noise() instanceof PrivacyTarget.Noise.Epsilon bound
                ? Double.toString(bound.target())
                : Double.toString(LARGEST_EPSILON);
        return "least-privacy: " + Kinds.word(privacy.level()) + "\nlargest-epsilon: {of-a-run: " + epsilon
                + ", of-datasets: {" + demo.title() + ": " + epsilon + "}, delta: "
                + String.format(Locale.ROOT, "%.12f", target.delta()) + ", accountant: "
                + Kinds.word(target.accounting()) + "}";
    }

    private static String policy(Demo demo, RunPlan plan) {
        return """
                # What this site takes part in. What is not named here, the agent refuses.
                datasets: [%s]
                algorithms: [fedavg, fedsgd]
                layers: [dense, conv2d, max-pool2d, flatten, relu, tanh, softmax]
                least-protection: %s
                %s
                smallest-cohort: 3
                largest-rounds: 1000
                share-metrics: true
                share-class-balance: true
                smallest-count: 5
                """.formatted(
                        demo.title(),
                        isSecure(plan) ? "{secure-aggregation: {adversary: active, corrupted: 0}}" : "plain",
                        privacy(demo, plan.privacy()));
    }
}
