package dev.tacita.simulations.spark;

import dev.tacita.simulations.Simulation;
import java.io.Serializable;

/**
 * Says how to make a simulation, so that every executor can make it for itself: it goes there by Java serialisation, and its
 * rows do not. A record of texts and paths is one, or a reference to a static method.
 */
@FunctionalInterface
public interface SimulationSource extends Serializable {
    /**
     * The simulation; the same whenever and wherever it is asked for.
     *
     * @throws RuntimeException if it cannot be made here; an executor's run then ends with the message
     */
    Simulation simulation();
}
