package dev.tacita.simulations;

/**
 * Simulates on the threads of this process. Every worker has one trainer, whose buffers it overwrites for site after site,
 * and a sum of its own; the largest sites are begun first. Memory grows with the number of workers and, where an algorithm
 * keeps vectors at sites, with the sites that took part.
 */
public final class ThreadBackend implements Backend {
    private final ThreadWorkers workers;

    /**
     * Starts the workers.
     *
     * @param workers how many, at least 1; best the number of processor cores
     */
    public ThreadBackend(int workers) {
        this.workers = new ThreadWorkers(workers);
    }

    @Override
    public SimulationResult run(Simulation simulation, RoundListener listener) throws InterruptedException {
        Workshop workshop = new Workshop(simulation);
        return new SimulatedRun(workshop, workers.in(workshop)).run(listener);
    }

    @Override
    public void close() {
        workers.close();
    }
}
