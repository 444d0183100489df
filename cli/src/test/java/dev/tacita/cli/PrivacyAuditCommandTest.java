package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tacita.client.SiteConfig;
import dev.tacita.client.SiteData;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.training.DpTrainer;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.server.report.RunDirectory;
import dev.tacita.server.report.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivacyAuditCommandTest {
    private static final int FEATURES = 200;

    private static Path folder = Path.of("");

    @BeforeAll
    static void aSiteWithTwoRuns(@TempDir Path home) throws IOException, InterruptedException {
        folder = home;
        Random random = new Random(71);
        StringBuilder rows = new StringBuilder();
        StringBuilder columns = new StringBuilder();
        for (int j = 0; j < FEATURES; j++) {
            rows.append("x").append(j).append(',');
            columns.append("  x").append(j).append(": numeric\n");
        }
        rows.append("ill\n");
        for (int i = 0; i < 250; i++) {
            for (int j = 0; j < FEATURES; j++) {
                rows.append(random.nextGaussian()).append(',');
            }
            rows.append(random.nextInt(2)).append('\n');
        }
        Files.writeString(folder.resolve("data.csv"), rows);
        Files.writeString(folder.resolve("schema.yaml"), """
                name: coins
                kind: csv
                data: data.csv
                missing: drop-row
                columns:
                %starget:
                  column: ill
                  classes: {no: [0], yes: [1]}
                standardise: all
                split: {train: 0.4, validation: 0.2, test: 0.4, seed: 1, stratify: true}
                """.formatted(columns));
        Files.writeString(folder.resolve("policy.yaml"), """
                datasets: [coins]
                algorithms: [fedavg]
                layers: [dense]
                least-protection: plain
                least-privacy: none
                smallest-cohort: 3
                largest-rounds: 1000
                share-metrics: true
                share-class-balance: true
                smallest-count: 5
                """);
        Files.writeString(folder.resolve("site.yaml"), """
                site: north
                federation: demo
                work-folder: work
                data:
                  - schema: schema.yaml
                policy: policy.yaml
                kafka:
                  bootstrap.servers: localhost:9092
                """);
        String plan = """
                name: coins
                dataset: coins
                model:
                  input: [%d]
                  layers:
                    - dense: {units: 1, initializer: fan-in-uniform}
                loss: binary-cross-entropy-with-logits
                algorithm:
                  fedavg:
                    steps: 100
                    batch-size: 25
                    optimizer: {sgd: {learning-rate: 0.3}}
                rounds: 2
                quorum: 1
                sites: 1
                deadline: 30s
                protection: plain
                privacy: none
                seed: 42
                """.formatted(FEATURES);
        RunPlan parsed = RunPlanReader.read("plan.yaml", plan);
        SiteConfig site = SiteConfig.read(folder.resolve("site.yaml"));
        Examples train = SiteData.read(site.data().get(0)).train();
        AuditedRun untrained =
                new AuditedRun("open", parsed, parsed.model().layout().initialValues(SeedStream.of(3)));
        write("open", plan, MembershipStudy.trained(untrained, train, SeedStream.of(4), new EngineTrainer()));
        DpTrainer trainer = new DpTrainer(
                new EnginePerExampleGradients(), new EngineTrainer(), new Clipping.Flat(1), 20, event -> {});
        LocalTask task = untrained.task(parsed.algorithm().work(1), untrained.parameters(), SeedStream.of(5));
        float[] update = trainer.train(task, train).update().valuesInTheClear();
        float[] closed = untrained.parameters().clone();
        for (int i = 0; i < closed.length; i++) {
            closed[i] += update[i];
        }
        write("private", plan, closed);
    }

    @Test
    void theMembersOfATrainingWithoutPrivacyAreFoundAndTheClaimOfASmallEpsilonIsRefused() throws IOException {
        Path page = folder.resolve("audit.html");
        Typed typed = audit(
                page, "open", "private", "--references=8", "--claimed-epsilon=0.1", "--relation=add-or-remove-one");

        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(Failures.FAILED);
        assertThat(typed.out())
                .contains("likelihood ratio (LiRA), online, 8 models")
                .contains("REFUSED. The audit shows an epsilon of at least")
                .contains("the claim of epsilon 0.1 at delta 1.0E-10 (add or remove one)");
        assertThat(Files.readString(page))
                .contains("<title>Who was in the training data of open?")
                .contains("Attacks on membership", "loss threshold (Yeom)", "REFUSED. ")
                .contains(">open</th>", ">private</th>")
                .doesNotContain("<script");
    }

    @Test
    void aPrivateModelIsNotRefusedAndItsFiguresStandBesideThoseOfTheOther() throws IOException {
        Typed typed = audit(
                folder.resolve("private.html"),
                "private",
                "open",
                "--references=8",
                "--json",
                "--claimed-epsilon=2",
                "--relation=add-or-remove-one");
        JsonNode root = new ObjectMapper().readTree(typed.out());

        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(root.path("release").path("refused").asBoolean(true)).isFalse();
        for (int i = 0; i < 6; i++) {
            JsonNode closed = root.path("runs").path(0).path("attacks").path(i);
            JsonNode open = root.path("runs").path(1).path("attacks").path(i);
            String attack = open.path("attack").asText();
            assertThat(open.path("area-under-roc").path("low").asDouble())
                    .as(attack)
                    .isGreaterThan(0.55);
            assertThat(closed.path("area-under-roc").path("low").asDouble(1))
                    .as(attack)
                    .isLessThan(0.5);
            assertThat(closed.path("attack").asText()).isEqualTo(attack);
        }
        assertThat(root.path("runs")
                        .path(1)
                        .path("bounds")
                        .path(2)
                        .path("epsilon-at-least")
                        .asDouble())
                .isGreaterThan(1);
    }

    @Test
    void whatCannotBeAuditedIsAnsweredWithEveryProblem() {
        Path page = folder.resolve("never.html");

        assertThat(audit(page, "open", "--references=3", "--claimed-epsilon=NaN")
                        .err())
                .contains("--references: it must be an even number of 4 or more; it is 3.")
                .contains("--claimed-epsilon: it must be a finite number of 0 or more; it is NaN.")
                .contains("--relation: it must be given with --claimed-epsilon.");
        assertThat(audit(page, "open", "--relation=neighbours").err())
                .contains("must be one of add-or-remove-one, replace-one", "'neighbours'");
        assertThat(audit(page, "nowhere").err()).contains("nowhere");
        assertThat(page).doesNotExist();
    }

    private static Typed audit(Path page, String... more) {
        String[] command = new String[more.length + 6];
        command[0] = "privacy";
        command[1] = "audit";
        command[2] = "--config=" + folder.resolve("site.yaml");
        command[3] = "--report=" + page;
        command[4] = "--false-alarm=0.00001";
        command[5] = "--delta=1e-10";
        for (int i = 0; i < more.length; i++) {
            command[6 + i] =
                    more[i].startsWith("--") ? more[i] : folder.resolve(more[i]).toString();
        }
        return Typed.tacita(command);
    }

    private static void write(String run, String plan, float[] parameters) throws IOException {
        RunPlan parsed = RunPlanReader.read("plan.yaml", plan);
        Path directory = Files.createDirectories(folder.resolve(run));
        Files.writeString(directory.resolve("plan.yaml"), plan);
        new TrainedModel(new RunId(run), parsed.name(), parsed.rounds(), parsed.model(), parameters)
                .write(directory.resolve(RunDirectory.MODEL));
    }
}
