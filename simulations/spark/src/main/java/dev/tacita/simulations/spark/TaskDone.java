package dev.tacita.simulations.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one task came to, or several.
 *
 * @param places of the pieces that were done
 * @param results of these, in their order
 * @param sum of contributions, in words modulo 2^64; empty if there were none
 * @param refusal why an executor cannot do this work, however often it is asked; empty if it can
 */
record TaskDone<R extends Serializable>(int[] places, ArrayList<R> results, long[] sum, String refusal)
        implements Serializable {
    static <R extends Serializable> TaskDone<R> refused(String why) {
        return new TaskDone<>(new int[0], new ArrayList<>(), new long[0], why);
    }

    /** Both together; their sums are not to be used any more. */
    TaskDone<R> plus(TaskDone<R> other) {
        int[] both = Arrays.copyOf(places, places.length + other.places.length);
        System.arraycopy(other.places, 0, both, places.length, other.places.length);
        ArrayList<R> all = new ArrayList<>(results);
        all.addAll(other.results);
        for (int i = 0; i < Math.min(sum.length, other.sum.length); i++) {
            sum[i] += other.sum[i];
        }
        return new TaskDone<>(
                both, all, sum.length == 0 ? other.sum : sum, refusal.isEmpty() ? other.refusal : refusal);
    }

    /** The results by place. */
    List<R> inOrder() {
        Integer[] order = new Integer[places.length];
        for (int i = 0; i < order.length; i++) {
            order[places[i]] = i;
        }
        return Stream.of(order).map(results::get).toList();
    }
}
