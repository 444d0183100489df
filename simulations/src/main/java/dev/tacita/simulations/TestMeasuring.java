package dev.tacita.simulations;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.ServerState;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well the first state's model does on neighbouring rows of one set.
 *
 * @param set by its place
 * @param from the first row
 * @param rows how many
 * @param kept what the site keeps whose model it is; empty if it keeps nothing
 */
record TestMeasuring(Workshop.Measured measured, int set, int from, int rows, float[] kept)
        implements Piece<Evaluation> {
    @Override
    public Evaluation doneBy(Worker worker, Workshop workshop, List<ServerState> states) throws InterruptedException {
        Examples part = workshop.sets(measured)
                .get(set)
                .select(IntStream.range(from, from + rows).toArray());
        return workshop.simulation()
                .plan()
                .algorithm()
                .evaluate(workshop.measuring(states.get(0), kept), worker.trainer(), part);
    }
}
