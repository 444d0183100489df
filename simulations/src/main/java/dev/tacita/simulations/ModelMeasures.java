package dev.tacita.simulations;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.LossMoments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Measures the model of a state, or each site's own where the algorithm leaves sites one. For one thread. */
final class ModelMeasures {
    private static final int ROWS_MEASURED_AT_ONCE = 1000;

    private final RunPlan plan;
    private final FederatedAlgorithm algorithm;
    private final Population population;
    private final Workers workers;
    private final SiteMemories memories;

    /** What sites keep, by index. */
    interface SiteMemories {
        float[] of(int site);
    }

    ModelMeasures(RunPlan plan, Population population, Workers workers, SiteMemories memories) {
        this.plan = plan;
        this.algorithm = plan.algorithm();
        this.population = population;
        this.workers = workers;
        this.memories = memories;
    }

    /** On the test rows. */
    List<Evaluation> tests(ServerState state) throws InterruptedException {
        return evaluations(state, population.tests());
    }

    /** On what each backdoor is to change. */
    Evaluation backdoors(ServerState state) throws InterruptedException {
        List<Examples> proofs = new ArrayList<>();
        for (Attack attack : population.attacks()) {
            if (attack instanceof Attack.Backdoor backdoor) {
                population.tests().forEach(test -> proofs.add(backdoor.proof(test)));
            }
        }
        return evaluations(state, proofs).stream().reduce(Evaluation.NONE, Evaluation::plus);
    }

    /** A part of one test set. */
    private record TestPart(int set, Examples rows) {}

    private List<Evaluation> evaluations(ServerState state, List<Examples> sets) throws InterruptedException {
        List<TestPart> parts = new ArrayList<>();
        for (int set = 0; set < sets.size(); set++) {
            int size = sets.get(set).size();
            for (int from = 0; from < size; from += ROWS_MEASURED_AT_ONCE) {
                int[] rows = IntStream.range(from, Math.min(size, from + ROWS_MEASURED_AT_ONCE))
                        .toArray();
                parts.add(new TestPart(set, sets.get(set).select(rows)));
            }
        }
        Evaluation[] measured = new Evaluation[parts.size()];
        workers.run(parts.size(), (worker, index) -> {
            TestPart part = parts.get(index);
            measured[index] =
                    algorithm.evaluate(task(state, part.set() % population.size()), worker.trainer, part.rows());
        });
        Evaluation[] tests = new Evaluation[sets.size()];
        Arrays.fill(tests, Evaluation.NONE);
        for (int i = 0; i < measured.length; i++) {
            tests[parts.get(i).set()] = tests[parts.get(i).set()].plus(measured[i]);
        }
        return List.of(tests);
    }

    /** On the training rows of these sites. */
    List<LossMoments> losses(ServerState state, int[] sites) throws InterruptedException {
        LossMoments[] losses = new LossMoments[sites.length];
        workers.run(
                sites.length,
                (worker, index) -> losses[index] =
                        worker.trainer.losses(task(state, sites[index]), population.train(sites[index])));
        return List.of(losses);
    }

    private LocalTask task(ServerState state, int site) {
        float[] parameters = algorithm.isPersonal()
                ? algorithm.parametersAtSite(plan.model(), state.parameters(), memories.of(site))
                : state.parameters();
        return new LocalTask(
                plan.model(), plan.loss(), new LocalWork.Evaluate(), parameters, SeedStream.of(plan.seed()));
    }
}
