package dev.tacita.simulations.spark;

import static java.util.Objects.requireNonNull;

import dev.tacita.simulations.Backend;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.SimulatedRun;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.Workshop;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Simulates on the executors of a Spark cluster. The driver chooses cohorts, takes the aggregator's steps and keeps what sites
 * keep; executors train and measure. Each task has one trainer and one exact sum for all of its sites; the sums are added in a
 * tree. A task that fails and is repeated counts once. The result has the bits of every other backend, provided that the
 * engine gives the same bits on all machines, as it does on processors of one kind.
 *
 * <p>A rule other than the mean, and an algorithm with memory at sites, send a vector for each site of a round to the driver.
 */
public final class SparkBackend implements Backend {
    private static final String SERIALIZER = "spark.serializer";
    private static final String JAVA = "org.apache.spark.serializer.JavaSerializer";

    private final JavaSparkContext context;
    private final SimulationSource source;

    /**
     * A backend for one simulation.
     *
     * @param context stays open when this is closed
     * @param source makes the simulation on each executor
     * @throws IllegalArgumentException if the context does not serialise as Java does
     */
    public SparkBackend(JavaSparkContext context, SimulationSource source) {
        this.context = requireNonNull(context, "context is null");
        this.source = requireNonNull(source, "source is null");
        String serializer = context.getConf().get(SERIALIZER, JAVA);
        if (!serializer.equals(JAVA)) {
            throw new IllegalArgumentException(SERIALIZER + " must be " + JAVA
                    + ", as others cannot carry records. Provided value: " + serializer);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @param simulation the one that the source makes
     * @throws ClusterException if executors cannot do their work, as when their files have other rows than the driver's
     */
    @Override
    public SimulationResult run(Simulation simulation, RoundListener listener) throws InterruptedException {
        Workshop workshop = new Workshop(simulation);
        WorkOrder order = new WorkOrder(UUID.randomUUID().toString(), source, workshop.fingerprint());
        return new SimulatedRun(workshop, new SparkWorkers(context, order)).run(listener);
    }

    @Override
    public void close() {
        // The context is its owner's.
    }
}
