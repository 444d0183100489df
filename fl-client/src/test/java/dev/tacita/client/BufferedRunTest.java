package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents and an aggregator: a buffer of all sites is a round of them all. */
@Timeout(60)
class BufferedRunTest {
    private static final int ROUNDS = 4;
    private static final List<String> SITES = List.of("a", "b", "c");
    private static final String PLAN = Samples.PLAN
            .replace("fedavg: {", "fedbuff: {buffer: 3, concurrency: 3, server-learning-rate: 0.7, ")
            .replace("quorum: 1", "quorum: 3")
            .replace("rounds: 3", "rounds: " + ROUNDS);

    @Test
    void aBufferOfAllSitesIsAStepAlongTheMeanOfTheirUpdates(@TempDir Path runs) throws Exception {
        RunPlan plan = RunPlanReader.read("plan", PLAN);
        try (Federation federation = new Federation(runs, 2)) {
            for (String site : SITES) {
                federation.join(Samples.participant(site)
                        .policy(Samples.policy()
                                .algorithms("fedbuff")
                                .smallestCohort(3)
                                .build()));
            }
            assertThat(federation.parameters(federation.run(plan), Samples.PARAMETERS))
                    .containsExactly(byHand(plan));
        }
    }

    /** In doubles, each number for itself. */
    private static float[] byHand(RunPlan plan) throws InterruptedException {
        float[] model =
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
        for (int round = 1; round <= ROUNDS; round++) {
            double[] sum = new double[model.length];
            for (String site : SITES) {
                SeedStream seeds = SeedStream.of(plan.seed())
                        .derive("round")
                        .derive(round)
                        .derive("site")
                        .derive(site);
                LocalTask task = new LocalTask(
                        plan.model(), plan.loss(), plan.algorithm().work(round), model, seeds);
                Examples train = Samples.dataset(site.hashCode()).train();
                LocalResult result = new EngineTrainer().train(task, train);
                float[] update = result.update().valuesInTheClear();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += Math.rint(update[i] * 0x1p32) / 0x1p32;
                }
            }
            float[] next = new float[model.length];
            for (int i = 0; i < sum.length; i++) {
                next[i] = (float) (model[i] + 0.7 * (sum[i] / SITES.size()));
            }
            model = next;
        }
        return model;
    }
}
