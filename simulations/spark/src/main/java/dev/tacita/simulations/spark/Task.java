package dev.tacita.simulations.spark;

import dev.tacita.core.learning.ServerState;
import dev.tacita.simulations.Piece;
import dev.tacita.simulations.Worker;
import dev.tacita.simulations.Workshop;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a task does on its executor.
 *
 * @param states that pieces name by their place
 */
record Task<R extends Serializable>(WorkOrder order, Broadcast<States> states)
        implements Function<TaskPart<R>, TaskDone<R>> {
    @Override
    public TaskDone<R> call(TaskPart<R> part) throws InterruptedException {
        ExecutorWorkshop here = ExecutorWorkshop.of(order);
        if (here.workshop().isEmpty()) {
            return TaskDone.refused(here.refusal());
        }
        Workshop workshop = here.workshop().get();
        List<ServerState> all = states.value().all();
        Worker worker = here.borrow();
        worker.begin();
        ArrayList<R> results = new ArrayList<>();
        for (Piece<R> piece : part.pieces()) {
            results.add(piece.doneBy(worker, workshop, all));
        }
        // A copy, as the worker adds up the next task before this one's result has left.
        long[] sum = worker.sum().clone();
        here.giveBack(worker);
        int[] places = part.places().stream().mapToInt(Integer::intValue).toArray();
        return new TaskDone<>(places, results, sum, "");
    }
}
