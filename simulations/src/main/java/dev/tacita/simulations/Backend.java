package dev.tacita.simulations;

/**
 * Where simulations run. The result is the same to the bit on every backend, with any number of workers, and as that of a
 * live run of the same plan at sites with the same names and rows.
 */
public interface Backend extends AutoCloseable {
    /**
     * Runs all rounds, or as many as the listener wants.
     *
     * @throws InterruptedException if the thread is interrupted before the end
     */
    SimulationResult run(Simulation simulation, RoundListener listener) throws InterruptedException;

    @Override
    void close();
}
