package dev.tacita.simulations;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.ServerState;
import dev.tacita.engine.LossMoments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures the model of a state, or each site's own where the algorithm leaves sites one. For one thread. */
final class ModelMeasures {
    private static final int ROWS_MEASURED_AT_ONCE = 1000;

    private final Workshop workshop;
    private final Population population;
    private final Workers workers;
    private final SiteMemories memories;

    /** What sites keep, by index; empty of those that keep nothing. */
    interface SiteMemories {
        float[] of(int site);
    }

    ModelMeasures(Workshop workshop, Workers workers, SiteMemories memories) {
        this.workshop = workshop;
        this.population = workshop.simulation().population();
        this.workers = workers;
        this.memories = memories;
    }

    /** On the test rows. */
    List<Evaluation> tests(ServerState state) throws InterruptedException {
        return evaluations(state, Workshop.Measured.TESTS);
    }

    /** On what each backdoor is to change. */
    Evaluation backdoors(ServerState state) throws InterruptedException {
        return evaluations(state, Workshop.Measured.BACKDOORS).stream().reduce(Evaluation.NONE, Evaluation::plus);
    }

    private List<Evaluation> evaluations(ServerState state, Workshop.Measured measured) throws InterruptedException {
        List<Examples> sets = workshop.sets(measured);
        List<TestMeasuring> parts = new ArrayList<>();
        for (int set = 0; set < sets.size(); set++) {
            int size = sets.get(set).size();
            float[] kept = kept(set % population.size());
            for (int from = 0; from < size; from += ROWS_MEASURED_AT_ONCE) {
                parts.add(new TestMeasuring(measured, set, from, Math.min(size - from, ROWS_MEASURED_AT_ONCE), kept));
            }
        }
        List<Evaluation> results = workers.work(List.of(state), parts).results();
        Evaluation[] all = new Evaluation[sets.size()];
        Arrays.fill(all, Evaluation.NONE);
        for (int i = 0; i < parts.size(); i++) {
            int set = parts.get(i).set();
            all[set] = all[set].plus(results.get(i));
        }
        return List.of(all);
    }

    /** On the training rows of these sites. */
    List<LossMoments> losses(ServerState state, int[] sites) throws InterruptedException {
        List<LossMeasuring> pieces = Arrays.stream(sites)
                .mapToObj(site -> new LossMeasuring(site, population.rows(site), kept(site)))
                .toList();
        return workers.work(List.of(state), pieces).results();
    }

    private float[] kept(int site) {
        return workshop.simulation().plan().algorithm().isPersonal() ? memories.of(site) : new float[0];
    }
}
