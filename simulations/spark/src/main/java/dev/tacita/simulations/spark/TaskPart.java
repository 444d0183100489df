package dev.tacita.simulations.spark;

import dev.tacita.simulations.Piece;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * The pieces of work of one task.
 *
 * @param places of the pieces among all
 */
record TaskPart<R extends Serializable>(ArrayList<Integer> places, ArrayList<Piece<R>> pieces) implements Serializable {
    private static final class Share<R extends Serializable> {
        final TaskPart<R> part = new TaskPart<>(new ArrayList<>(), new ArrayList<>());
        long rows;
    }

    /** Spreads pieces over tasks: the largest first, each to the task that has the fewest rows until then. */
    static <R extends Serializable> List<TaskPart<R>> spread(List<? extends Piece<R>> pieces, int tasks) {
        List<Share<R>> shares = new ArrayList<>();
        for (int i = 0; i < Math.min(tasks, pieces.size()); i++) {
            shares.add(new Share<>());
        }
        PriorityQueue<Share<R>> leastFirst = new PriorityQueue<>(Comparator.comparingLong(share -> share.rows));
        leastFirst.addAll(shares);
        IntStream.range(0, pieces.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -pieces.get(i).rows()))
                .forEach(place -> {
                    Share<R> share = leastFirst.remove();
                    share.part.places().add(place);
                    share.part.pieces().add(pieces.get(place));
                    // A piece of no rows is work too.
                    share.rows += pieces.get(place).rows() + 1L;
                    leastFirst.add(share);
                });
        return shares.stream().map(share -> share.part).toList();
    }
}
