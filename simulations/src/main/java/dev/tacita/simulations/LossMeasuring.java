package dev.tacita.simulations;

import dev.tacita.core.learning.ServerState;
import dev.tacita.engine.LossMoments;
import java.util.List;

/**
 * How large the losses of a site's training rows are under the first state's model.
 *
 * @param site by index, of all sites of the simulation
 * @param kept what the site keeps; empty if it keeps nothing
 */
record LossMeasuring(int site, int rows, float[] kept) implements Piece<LossMoments> {
    @Override
    public LossMoments doneBy(Worker worker, Workshop workshop, List<ServerState> states) throws InterruptedException {
        return worker.trainer()
                .losses(
                        workshop.measuring(states.get(0), kept),
                        workshop.simulation().population().train(site));
    }
}
