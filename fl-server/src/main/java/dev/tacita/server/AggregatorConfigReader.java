package dev.tacita.server;

import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.file;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.path;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.strings;
import static dev.tacita.config.Kinds.text;

import dev.tacita.config.Secret;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.config.YamlFile;
import dev.tacita.core.FederationId;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.ledger.BudgetAccountant;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.keys.KeyFile;
import dev.tacita.keys.TrustedKeys;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.server.AggregatorConfig.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads {@code aggregator.yaml}. {@code aggregation-threads} is the number of processors, {@code api} 127.0.0.1:7407,
 * {@code topics} one copy and four partitions where they are not given.
 */
public final class AggregatorConfigReader {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PORT = 7407;
    private static final int MOST_THREADS = 1024;
    private static final int MOST_PARTITIONS = 10_000;
    private static final Topics TOPICS = new Topics((short) 1, 4);

    private AggregatorConfigReader() {}

    /**
     * The configuration in this file; paths in it are relative to its folder.
     *
     * @throws ProblemsException with every problem of the file
     */
    public static AggregatorConfig read(Path file) {
        return YamlFile.read(file, AggregatorConfigReader::part);
    }

    /** The same as a part of another file. */
    public static Value<AggregatorConfig> part(Section root) {
        Value<FederationId> federation = root.required("federation", text().map(FederationId::new));
        Value<Path> runs = root.required("runs-directory", path());
        Value<Integer> threads = root.optional(
                "aggregation-threads",
                integer(1, MOST_THREADS),
                Runtime.getRuntime().availableProcessors());
        Value<ApiSettings> api = root.optional(
                "api", section(AggregatorConfigReader::api), new ApiSettings(LOOPBACK, PORT, Optional.empty()));
        Value<Map<String, PrivacyBudget>> budgets =
                root.optional("privacy-budgets", section(AggregatorConfigReader::budgets), Map.of());
        Value<Optional<SecureSettings>> keys = root.optional("keys", section(AggregatorConfigReader::keys));
        Value<Map<String, String>> kafka = root.required("kafka", strings());
        Value<Topics> topics = root.optional("topics", section(AggregatorConfigReader::topics), TOPICS);
        return root.create(() -> new AggregatorConfig(
                federation.get(),
                new AggregatorSettings(runs.get(), threads.get(), budgets.get(), keys.get()),
                api.get(),
                kafka.get(),
                topics.get()));
    }

    private static Value<ApiSettings> api(Section api) {
        Value<String> host = api.optional("host", text(), LOOPBACK);
        Value<Integer> port = api.optional("port", integer(0, 65535), PORT);
        Value<Optional<Secret>> token = api.optional("token-file", file().map(AggregatorConfigReader::secret));
        return api.create(() -> new ApiSettings(host.get(), port.get(), token.get()));
    }

    private static Secret secret(Path file) {
        try {
            return new Secret(Files.readString(file).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException("the file must be readable text. Provided value: " + file, e);
        }
    }

    private static Value<SecureSettings> keys(Section keys) {
        Value<AggregatorKey> own = keys.required("private-key", file().map(KeyFile::readAggregatorKey));
        Value<TrustedKeys> trusted = keys.required("trusted-keys", file().map(TrustedKeys::read));
        return keys.create(() -> new SecureSettings(own.get(), trusted.get().registry()));
    }

    private static Value<Map<String, PrivacyBudget>> budgets(Section section) {
        Value<Double> delta = section.required(
                "delta",
                number("> 0 and < 1", value -> value > 0 && value < 1, "Take less than one over the number of sites."));
        Value<Map<String, Double>> epsilons =
                section.required("of-datasets", map(number("> 0", value -> value > 0, "1 to 8 is usual.")));
        Value<Accounting> accounting = section.optional("accountant", constant(Accounting.class), Accounting.RDP);
        return section.create(() -> {
            Map<String, PrivacyBudget> budgets = new TreeMap<>();
            epsilons.get()
                    .forEach((dataset, epsilon) -> budgets.put(
                            dataset,
                            new PrivacyBudget(
                                    epsilon,
                                    delta.get(),
                                    NeighbouringRelation.REPLACE_ONE,
                                    BudgetAccountant.valueOf(accounting.get().name()))));
            return budgets;
        });
    }

    private static Value<Topics> topics(Section topics) {
        Value<Integer> copies =
                topics.optional("replication-factor", integer(1, Short.MAX_VALUE), (int) TOPICS.replicationFactor());
        Value<Integer> partitions = topics.optional(
                "contribution-partitions", integer(1, MOST_PARTITIONS), TOPICS.contributionPartitions());
        return topics.create(() -> new Topics(copies.get().shortValue(), partitions.get()));
    }
}
