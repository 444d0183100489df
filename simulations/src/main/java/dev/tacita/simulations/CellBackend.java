package dev.tacita.simulations;

/** Runs the cells of a study, and is told which it runs. */
@FunctionalInterface
public interface CellBackend {
    /**
     * Runs all rounds of a cell, or as many as the listener wants.
     *
     * @param simulation what the cell comes to
     * @throws InterruptedException if the thread is interrupted before the end
     */
    SimulationResult run(Cell cell, Simulation simulation, RoundListener listener) throws InterruptedException;
}
