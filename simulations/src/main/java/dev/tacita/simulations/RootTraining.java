package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.number.SeedStream;
import java.util.List;

/** What the aggregator itself makes of a round with the rows of its rule; of the first state. */
record RootTraining(int round, int rows) implements Piece<float[]> {
    @Override
    public float[] doneBy(Worker worker, Workshop workshop, List<ServerState> states) throws InterruptedException {
        RunPlan plan = workshop.simulation().plan();
        FederatedAlgorithm algorithm = plan.algorithm();
        ServerState from = states.get(0);
        Examples own = workshop.simulation().rule().rootRows().orElseThrow();
        SeedStream seeds =
                SeedStream.of(plan.seed()).derive("round").derive(round).derive("root");
        LocalTask task = new LocalTask(plan.model(), plan.loss(), algorithm.work(round), from.parameters(), seeds);
        SiteRound asked = new SiteRound(task, workshop.memory(new float[0]), algorithm.shared(from));
        return algorithm.answer(asked, worker.trainer(), own).contribution().valuesInTheClear();
    }
}
