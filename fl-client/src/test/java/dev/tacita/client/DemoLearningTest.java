package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.dp.training.DpTrainer;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bundled plans learn from the bundled data: rounds in one thread, without protocol or fixed-point numbers. */
class DemoLearningTest {
    @Test
    void theBundledTablesTrainAcrossFourSitesToTheDemosBar() throws Exception {
        Path folder = Datasets.DEMO.resolve("breast-cancer");
        List<SiteDataset> sites = sites(folder.resolve("schema.yaml"), folder, "north", "east", "south", "west");
        String text = Files.readString(folder.resolve("plan.yaml"));
        for (int seed = 1; seed <= 5; seed++) {
            assertThat(accuracy(plan(text, seed), sites)).as("seed %s", seed).isGreaterThanOrEqualTo(0.95);
        }
    }

    @Test
    void theHeartDiseaseFilesTrainToFlambysAccuracyAndBeyondItWithATunedRate() throws Exception {
        Path data = Datasets.shared("heart-disease");
        Path folder = Datasets.DEMO.resolve("heart-disease");
        List<SiteDataset> sites =
                sites(folder.resolve("schema.yaml"), data, "cleveland", "hungarian", "switzerland", "va");
        String flamby = Files.readString(folder.resolve("plan.yaml"));
        assertThat(meanAccuracy(flamby, sites)).isGreaterThanOrEqualTo(0.748 - 0.024);
        assertThat(meanAccuracy(flamby.replace("learning-rate: 0.001", "learning-rate: 0.03"), sites))
                .isGreaterThanOrEqualTo(0.78);
    }

    @Test
    void theHeartDiseaseFilesTrainBeyondFlambysPrivateAccuracyWithTheSameBudget() throws Exception {
        Path data = Datasets.shared("heart-disease");
        Path folder = Datasets.DEMO.resolve("heart-disease");
        List<SiteDataset> sites =
                sites(folder.resolve("private-schema.yaml"), data, "cleveland", "hungarian", "switzerland", "va");
        assertThat(sites).allMatch(SiteDataset::keepsRowsApart);
        assertThat(meanAccuracy(Files.readString(folder.resolve("private-plan.yaml")), sites))
                .isGreaterThanOrEqualTo(0.7015 - 0.03);
    }

    private static double meanAccuracy(String plan, List<SiteDataset> sites) throws InterruptedException {
        double sum = 0;
        for (int seed = 42; seed <= 46; seed++) {
            sum += accuracy(plan(plan, seed), sites);
        }
        return sum / 5;
    }

    private static List<SiteDataset> sites(Path schema, Path folder, String... names) {
        return Stream.of(names)
                .map(name -> DatasetReader.read(schema, folder.resolve(name + ".csv")))
                .toList();
    }

    private static RunPlan plan(String text, int seed) {
        return RunPlanReader.read("plan.yaml", text.replaceAll("seed: \\d+", "seed: " + seed));
    }

    private static double accuracy(RunPlan plan, List<SiteDataset> sites) throws InterruptedException {
        EngineTrainer trainer = new EngineTrainer();
        EnginePerExampleGradients gradients = new EnginePerExampleGradients();
        SeedStream seeds = SeedStream.of(plan.seed());
        ServerState state =
                ServerState.first(plan.algorithm(), plan.model().layout().initialValues(seeds.derive("parameters")));
        for (int round = 1; round <= plan.rounds(); round++) {
            double[] mean = new double[state.parameters().length];
            long total = sites.stream().mapToLong(site -> site.train().size()).sum();
            for (int i = 0; i < sites.size(); i++) {
                LocalTask task = task(
                        plan,
                        plan.algorithm().work(round),
                        state.parameters(),
                        seeds.derive(round).derive(i));
                LocalResult result = trainer(plan, sites.get(i), gradients, trainer)
                        .train(task, sites.get(i).train());
                float[] update = result.update().valuesInTheClear();
                for (int j = 0; j < mean.length; j++) {
                    mean[j] += (double) update[j] * result.update().weight() / total;
                }
            }
            state = plan.algorithm().step(state, RoundMean.ofAll(mean, round, sites.size()));
        }
        Evaluation pooled = Evaluation.NONE;
        for (SiteDataset site : sites) {
            LocalTask task = task(plan, new LocalWork.Evaluate(), state.parameters(), seeds);
            pooled = pooled.plus(trainer.evaluate(task, site.test()));
        }
        return pooled.accuracy();
    }

    private static LocalTrainer trainer(
            RunPlan plan, SiteDataset site, EnginePerExampleGradients gradients, EngineTrainer plain) {
        return plan.privacy() instanceof PrivacySpec.Examples examples
                ? new DpTrainer(
                        gradients,
                        plain,
                        examples.clipping(),
                        PlannedPrivacy.of(plan, site.train().size())
                                .orElseThrow()
                                .noiseMultiplier(),
                        event -> {})
                : plain;
    }

    private static LocalTask task(RunPlan plan, LocalWork work, float[] parameters, SeedStream seeds) {
        return new LocalTask(plan.model(), plan.loss(), work, parameters, seeds);
    }
}
