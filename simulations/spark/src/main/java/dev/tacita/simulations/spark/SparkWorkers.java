package dev.tacita.simulations.spark;

import dev.tacita.core.learning.ServerState;
import dev.tacita.simulations.Piece;
import dev.tacita.simulations.Workers;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** Executors, at the work of one run. For one thread, which waits for them. */
final class SparkWorkers implements Workers {
    private final JavaSparkContext context;
    private final WorkOrder order;

    /** Adds what two tasks came to. */
    private record Addition<R extends Serializable>() implements Function2<TaskDone<R>, TaskDone<R>, TaskDone<R>> {
        @Override
        public TaskDone<R> call(TaskDone<R> one, TaskDone<R> other) {
            return one.plus(other);
        }
    }

    SparkWorkers(JavaSparkContext context, WorkOrder order) {
        this.context = context;
        this.order = order;
    }

    @Override
    public <R extends Serializable> Done<R> work(List<ServerState> states, List<? extends Piece<R>> pieces)
            throws InterruptedException {
        if (pieces.isEmpty()) {
            return new Done<>(List.of(), new long[0]);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            List<TaskPart<R>> parts = TaskPart.spread(pieces, context.defaultParallelism());
            Broadcast<States> sent = context.broadcast(States.of(states));
            context.setJobGroup(order.run(), "tacita", true);
            TaskDone<R> done = context.parallelize(parts, parts.size())
                    .map(new Task<R>(order, sent))
                    .treeReduce(new Addition<>());
            // After a failure some task may still want it; then it goes when nobody refers to it.
            sent.destroy();
            if (!done.refusal().isEmpty()) {
                throw new ClusterException(done.refusal());
            }
            return new Done<>(done.inOrder(), done.sum());
        } catch (Exception e) {
            throw failure(e);
        } finally {
            context.clearJobGroup();
        }
    }

    /** Scala's methods throw what Java has to be told of. */
    private RuntimeException failure(Exception e) throws InterruptedException {
        if (e instanceof InterruptedException interrupted) {
            context.cancelJobGroup(order.run());
            throw interrupted;
        }
        if (context.sc().isStopped()) {
            return new ClusterException("Spark has ended before the run; what it wrote says why", e);
        }
        if (e instanceof SparkException failed) {
            return failed.getCause() == null
                    ? new ClusterException("Spark gave up: " + firstLine(failed), failed)
                    : new ClusterException(
                            "a task failed as often as Spark lets it: " + firstLine(failed.getCause()), failed);
        }
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }

    private static String firstLine(Throwable failed) {
        return String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    }
}
