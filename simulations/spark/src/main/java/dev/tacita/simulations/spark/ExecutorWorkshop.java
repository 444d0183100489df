package dev.tacita.simulations.spark;

import dev.tacita.simulations.Worker;
import dev.tacita.simulations.Workshop;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.SparkEnv;

/**
 * The simulation at which this process works. It is made when the first task of a run comes, and replaced by that of the next
 * run; between tasks its workers wait with their buffers. For any thread.
 */
final class ExecutorWorkshop {
    /** One for the process, as tasks share nothing else. */
    private static Optional<ExecutorWorkshop> latest = Optional.empty();

    private final WorkOrder order;
    private final Optional<Workshop> workshop;
    private final String refusal;
    private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();

    private ExecutorWorkshop(WorkOrder order, Optional<Workshop> workshop, String refusal) {
        this.order = order;
        this.workshop = workshop;
        this.refusal = refusal;
    }

    static synchronized ExecutorWorkshop of(WorkOrder order) {
        if (latest.isPresent() && latest.get().order.run().equals(order.run())) {
            return latest.get();
        }
        latest = Optional.empty();
        ExecutorWorkshop made = make(order);
        latest = Optional.of(made);
        return made;
    }

    private static ExecutorWorkshop make(WorkOrder order) {
        try {
            Workshop made = new Workshop(order.source().simulation());
            if (made.fingerprint().equals(order.fingerprint())) {
                return new ExecutorWorkshop(order, Optional.of(made), "");
            }
            return refused(
                    order,
                    "the study or its rows are not those of the driver. Every machine must read the same files at the same"
                            + " place");
        } catch (RuntimeException e) {
            return refused(order, String.valueOf(e.getMessage()));
        }
    }

    private static ExecutorWorkshop refused(WorkOrder order, String why) {
        String host = SparkEnv.get().blockManager().blockManagerId().host();
        return new ExecutorWorkshop(order, Optional.empty(), "an executor on " + host + " cannot do its part: " + why);
    }

    /** Empty if it cannot be made here. */
    Optional<Workshop> workshop() {
        return workshop;
    }

    /** Why it cannot be made here. */
    String refusal() {
        return refusal;
    }

    /** A worker of the caller's own until it is given back; one whose work failed never is. */
    Worker borrow() {
        Worker waiting = idle.poll();
        return waiting == null ? new Worker() : waiting;
    }

    void giveBack(Worker worker) {
        idle.add(worker);
    }
}
