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
        List<TaskPart<R>> parts = TaskPart.spread(pieces, context.defaultParallelism());
        Broadcast<States> sent = context.broadcast(States.of(states));
        context.setJobGroup(order.run(), "tacita", true);
        try {
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
        if (e instanceof SparkException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            String why = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
            return new ClusterException("a task failed as often as Spark lets it: " + why, failed);
        }
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }
}
