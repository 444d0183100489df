package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.client.CheckResult.Level;
import dev.tacita.core.ProblemsException;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentCheckTest {
    private static final String SITE = """
            site: north
            federation: demo
            work-folder: work
            kafka:
              bootstrap.servers: localhost:9092
              ssl.key.password: hunter2
            data:
              - schema: heart.yaml
            policy:
              algorithms: [fedavg]
              layers: [dense, relu]
              least-protection: plain
              least-privacy: none
              smallest-cohort: 3
              datasets: [heart]
              largest-rounds: any
              share-metrics: true
              share-class-balance: true
              smallest-count: 10
            """;

    private static final String SCHEMA = """
            kind: csv
            name: heart
            data: heart.csv
            missing: drop-row
            columns:
              age: numeric
            target:
              column: ill
              classes: {well: [0], ill: [1]}
            standardise: none
            split: {train: 0.6, validation: 0.2, test: 0.2, seed: 1, stratify: true}
            """;

    private final Path folder;
    private final Path site;

    AgentCheckTest(@TempDir Path folder) {
        this.folder = folder;
        site = folder.resolve("site.yaml");
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(site, SITE);
        Files.writeString(folder.resolve("heart.yaml"), SCHEMA);
        StringBuilder rows = new StringBuilder("age,ill\n");
        for (int i = 0; i < 50; i++) {
            rows.append(30 + i).append(',').append(i % 2).append('\n');
        }
        Files.writeString(folder.resolve("heart.csv"), rows);
    }

    private List<CheckResult> check() throws InterruptedException {
        return new AgentCheck(site, config -> new InMemoryTransport(1)).run();
    }

    private static List<CheckResult> failures(List<CheckResult> results) {
        return results.stream().filter(result -> result.level() == Level.FAIL).toList();
    }

    @Test
    void findsNothingToFailWhereAllIsWell() throws InterruptedException {
        List<CheckResult> results = check();
        assertThat(failures(results)).isEmpty();
        assertThat(results)
                .extracting(CheckResult::name)
                .contains("configuration", "policy", "work folder", "data", "broker", "topic rounds", "topic models");
        assertThat(results)
                .anySatisfy(result -> assertThat(result.finding())
                        .isEqualTo("dataset 'heart' fits its schema: 30 training, 10 validation and 10 test examples of"
                                + " shape [1]"));
        assertThat(results.toString()).doesNotContain("hunter2");
        assertThat(SiteConfig.read(site).toString()).doesNotContain("hunter2");
    }

    @Test
    void warnsOfGradientsThatTellWhatThePolicyKeeps() throws Exception {
        String warned =
                "class counts stay, but algorithms has fedsgd and newton-raphson: the gradient of a last layer's bias"
                        + " has each class's part of the rows in it, and least-protection is plain";
        String kept = SITE.replace("share-class-balance: true", "share-class-balance: false");
        String gradients = "[newton-raphson, fedavg, fedsgd]";
        Files.writeString(site, kept.replace("[fedavg]", gradients));
        assertThat(check()).anySatisfy(result -> {
            assertThat(result.level()).isEqualTo(Level.WARN);
            assertThat(result.finding()).isEqualTo(warned);
        });
        Files.writeString(site, kept);
        assertThat(check()).noneMatch(result -> result.finding().startsWith("class counts stay"));
        Files.writeString(site, SITE.replace("[fedavg]", gradients));
        assertThat(check()).noneMatch(result -> result.finding().startsWith("class counts stay"));
    }

    @Test
    void tellsEveryProblemOfTheConfigurationAndStopsThere() throws Exception {
        Files.writeString(
                site,
                SITE.replace("site: north", "site: North!")
                        .replace("  smallest-cohort: 3\n", "")
                        .replace("relu", "rely")
                        .replace("  smallest-count: 10\n", ""));
        List<CheckResult> results = check();
        assertThat(results)
                .hasSize(4)
                .allSatisfy(result -> assertThat(result.level()).isEqualTo(Level.FAIL));
        assertThat(results)
                .extracting(CheckResult::finding)
                .anySatisfy(finding ->
                        assertThat(finding).contains("site id must be").contains("North!"))
                .anySatisfy(finding -> assertThat(finding)
                        .contains("policy.smallest-cohort: a value is required; there is no default."))
                .anySatisfy(finding -> assertThat(finding).contains("policy.layers[2]: must be one of dense"))
                .anySatisfy(finding -> assertThat(finding)
                        .contains("policy.smallest-count: a value is required; there is no default."));
    }

    @Test
    void readsAPolicyFromAFileOfItsOwn() throws IOException {
        String policy = SITE.substring(SITE.indexOf("policy:") + "policy:".length());
        Files.writeString(folder.resolve("policy.yaml"), policy.replaceAll("(?m)^  ", ""));
        Files.writeString(site, SITE.substring(0, SITE.indexOf("policy:")) + "policy: policy.yaml\n");
        SitePolicy read = SiteConfig.read(site).policy();
        assertThat(read.smallestCohort()).isEqualTo(3);
        assertThat(read.classBalance()).isEqualTo(new ClassBalance.Shared(10));
        Files.writeString(folder.resolve("policy.yaml"), "algorithms: [fedavg]\n");
        assertThatThrownBy(() -> SiteConfig.read(site))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("smallest-cohort: a value is required");
    }

    @Test
    void tellsOfDataThatIsNotThere() throws Exception {
        Files.delete(folder.resolve("heart.csv"));
        assertThat(failures(check())).singleElement().satisfies(result -> {
            assertThat(result.name()).isEqualTo("data");
            assertThat(result.finding()).contains("heart.csv");
        });
    }

    @Test
    void tellsOfABrokerThatCannotBeReached() throws Exception {
        List<CheckResult> results = new AgentCheck(site, config -> {
                    throw new TransportException("no broker answers at localhost:9092");
                })
                .run();
        assertThat(failures(results)).singleElement().satisfies(result -> {
            assertThat(result.finding()).isEqualTo("no broker answers at localhost:9092");
            assertThat(result.remedy()).isNotEmpty();
        });
    }

    @Test
    void tellsOfAWorkFolderThatIsInUseOrTamperedWith() throws Exception {
        Path work = folder.resolve("work");
        SiteConfig config = SiteConfig.read(site);
        try (WorkFolder held = WorkFolder.open(work, config.federation(), config.site())) {
            assertThat(held).isNotNull();
            assertThat(failures(check()))
                    .singleElement()
                    .satisfies(result -> assertThat(result.finding()).contains("another agent works in this folder"));
        }
        Files.writeString(work.resolve("egress.jsonl"), "{\"previous\":\"forged\"}\n");
        assertThat(failures(check()))
                .singleElement()
                .satisfies(result -> assertThat(result.finding()).contains("the record has been changed"));
    }

    @Test
    void aParticipantIsMadeFromTheConfiguration() throws InterruptedException {
        InMemoryTransport transport = new InMemoryTransport(1);
        try (ScriptedAggregator aggregator = new ScriptedAggregator(transport);
                Participant participant = Participant.builder()
                        .config(SiteConfig.read(site))
                        .transport(transport)
                        .build()) {
            participant.start();
            var hello = aggregator.hear(Channel.SITES, Hello.class, 1).get(0);
            assertThat(hello.site().value()).isEqualTo("north");
            assertThat(hello.datasets()).singleElement().satisfies(offer -> {
                assertThat(offer.name()).isEqualTo("heart");
                assertThat(offer.trainingExamples()).contains(30L);
                assertThat(offer.classCounts().orElseThrow().values())
                        .allSatisfy(count -> assertThat(count).isBetween(10L, 20L));
            });
        }
    }
}
