package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.FederationId;
import dev.tacita.core.ProblemsException;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.ledger.BudgetAccountant;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.server.AggregatorConfig.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregatorConfigTest {
    private static AggregatorConfig read(Path folder, String text) throws Exception {
        Path file = folder.resolve("aggregator.yaml");
        Files.writeString(file, text);
        return AggregatorConfigReader.read(file);
    }

    @Test
    void whatIsGivenIsReadAndTheRestHasItsDefault(@TempDir Path folder) throws Exception {
        AggregatorConfig config = read(folder, """
                federation: heart
                runs-directory: runs
                kafka:
                  bootstrap.servers: localhost:9092
                """);
        assertThat(config.federation()).isEqualTo(new FederationId("heart"));
        assertThat(config.settings().runsDirectory()).isEqualTo(folder.resolve("runs"));
        assertThat(config.settings().aggregationThreads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(config.api().host()).isEqualTo("127.0.0.1");
        assertThat(config.api().port()).isEqualTo(7407);
        assertThat(config.topics()).isEqualTo(new Topics((short) 1, 4));
        assertThat(config.kafka()).containsOnlyKeys("bootstrap.servers");
    }

    @Test
    void everyKeyIsReadAndNoSecretIsShown(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
        AggregatorConfig config = read(folder, """
                federation: heart
                runs-directory: /var/lib/tacita/runs
                aggregation-threads: 3
                api: {host: 0.0.0.0, port: 8080, token-file: token}
                kafka:
                  bootstrap.servers: localhost:9092
                  sasl.jaas.config: "password=swordfish"
                topics: {replication-factor: 3, contribution-partitions: 12}
                privacy-budgets: {of-datasets: {heart: 8}, delta: 1e-5, accountant: pld}
                """);
        assertThat(config.settings())
                .isEqualTo(new AggregatorSettings(
                        Path.of("/var/lib/tacita/runs"),
                        3,
                        Map.of(
                                "heart",
                                new PrivacyBudget(8, 1e-5, NeighbouringRelation.REPLACE_ONE, BudgetAccountant.PLD)),
                        Optional.empty()));
        assertThat(config.api().host()).isEqualTo("0.0.0.0");
        assertThat(config.api().port()).isEqualTo(8080);
        assertThat(config.api().token().orElseThrow().reveal()).isEqualTo("0123456789abcdef");
        assertThat(config.topics()).isEqualTo(new Topics((short) 3, 12));
        assertThat(config.kafka()).containsEntry("sasl.jaas.config", "password=swordfish");
        assertThat(config.toString()).doesNotContain("swordfish").doesNotContain("0123456789abcdef");
    }

    @Test
    void allProblemsOfAFileAreSaidAtOnce(@TempDir Path folder) {
        assertThatThrownBy(() -> read(folder, """
                        federation: Heart Failure
                        aggregation-threads: 0
                        api: {host: 0.0.0.0, prot: 1}
                        kafka: {}
                        """))
                .isInstanceOfSatisfying(
                        ProblemsException.class, e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(5))
                .hasMessageContaining("federation")
                .hasMessageContaining("runs-directory")
                .hasMessageContaining("aggregation-threads")
                .hasMessageContaining("prot")
                .hasMessageContaining("token-file is required");
    }

    @Test
    void kafkaNeedsABroker(@TempDir Path folder) {
        assertThatThrownBy(() -> read(folder, "federation: heart\nruns-directory: r\nkafka: {client.id: x}\n"))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("bootstrap.servers");
    }
}
