package dev.tacita.simulations;

import dev.tacita.core.learning.ServerState;
import java.io.Serializable;
import java.util.List;

/** Those who do the work of one simulation's sites, wherever they are. For one thread. */
public interface Workers {
    /**
     * What pieces came to.
     *
     * @param results in the order of the pieces
     * @param sum of all contributions, in words modulo 2^64; empty if there were none; until the next {@link #work}
     */
    record Done<R>(List<R> results, long[] sum) {}

    /**
     * Does each piece once, in any order, and returns when all are done.
     *
     * @param states that pieces name by their place
     * @throws InterruptedException if the thread is interrupted before the end
     */
    <R extends Serializable> Done<R> work(List<ServerState> states, List<? extends Piece<R>> pieces)
            throws InterruptedException;
}
