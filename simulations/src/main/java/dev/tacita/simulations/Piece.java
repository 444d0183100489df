package dev.tacita.simulations;

import dev.tacita.core.learning.ServerState;
import java.io.Serializable;
import java.util.List;

/**
 * A piece of a simulation's work: what one site trains, or what a model is measured on. It is numbers only, and goes to
 * another process as they are; rows it finds in the {@link Workshop} there.
 *
 * @param <R> what comes of it
 */
public interface Piece<R extends Serializable> extends Serializable {
    /** About how many rows it goes through, by which pieces are spread over workers. */
    int rows();

    /**
     * Does it. The same piece gives the same bits, whoever does it, but for noise of privacy.
     *
     * @param states of the aggregator that pieces name by their place
     * @throws InterruptedException if the thread is interrupted before the end
     */
    R doneBy(Worker worker, Workshop workshop, List<ServerState> states) throws InterruptedException;
}
