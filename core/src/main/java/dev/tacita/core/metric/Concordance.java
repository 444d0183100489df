package dev.tacita.core.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Harrell's C-index of survival times (Harrell et al. 1982): of the pairs of which it is known who had the event first, the
 * part in which that one has the higher risk score, ties of scores counting half. Pairs are formed within one set of
 * examples; pooled over sites it is the C-index stratified by site, since no site shows its rows to another.
 */
public final class Concordance implements Statistic {
    private static final int LENGTH = 3;

    private final double[] pairs;

    /**
     * Of these sums.
     *
     * @param sums the numbers of concordant pairs, of discordant pairs and of pairs whose scores are equal
     */
    public Concordance(double[] sums) {
        pairs = Sums.checked(sums, LENGTH);
    }

    /**
     * Of these examples, in O(n log n).
     *
     * @param times at which the event came, or the example was last seen
     * @param events whether the event came
     * @param scores higher for who is expected to have the event earlier
     */
    public static Concordance of(double[] times, boolean[] events, double[] scores) {
        if (events.length != times.length || scores.length != times.length) {
            throw new IllegalArgumentException("times, events and scores must be as many. Provided values: "
                    + times.length + ", " + events.length + ", " + scores.length);
        }
        int[] latestFirst = IntStream.range(0, times.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -times[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] ranks = Arrays.stream(scores).sorted().distinct().toArray();
        Fenwick later = new Fenwick(ranks.length);
        double[] sums = new double[LENGTH];
        for (int from = 0; from < latestFirst.length; ) {
            int to = from;
            while (to < latestFirst.length && times[latestFirst[to]] == times[latestFirst[from]]) {
                to++;
            }
            // Who was last seen at the time of an event outlived it (Harrell's convention).
            addAll(latestFirst, from, to, false, events, scores, ranks, later);
            for (int k = from; k < to; k++) {
                if (events[latestFirst[k]]) {
                    int rank = Arrays.binarySearch(ranks, scores[latestFirst[k]]);
                    double below = later.below(rank);
                    double upTo = later.below(rank + 1);
                    sums[0] += below;
                    sums[1] += later.below(ranks.length) - upTo;
                    sums[2] += upTo - below;
                }
            }
            addAll(latestFirst, from, to, true, events, scores, ranks, later);
            from = to;
        }
        return new Concordance(sums);
    }

    private static void addAll(
            int[] order,
            int from,
            int to,
            boolean withEvent,
            boolean[] events,
            double[] scores,
            double[] ranks,
            Fenwick later) {
        for (int k = from; k < to; k++) {
            if (events[order[k]] == withEvent) {
                later.add(Arrays.binarySearch(ranks, scores[order[k]]));
            }
        }
    }

    /** Of both sets of examples; no pair spans them. */
    public Concordance plus(Concordance other) {
        return new Concordance(Sums.plus(pairs, other.pairs));
    }

    @Override
    public double[] sums() {
        return pairs.clone();
    }

    @Override
    public SortedMap<String, Double> metrics() {
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("c-index", (pairs[0] + pairs[2] / 2) / (pairs[0] + pairs[1] + pairs[2]));
        return metrics;
    }

    /** Counts by rank with sums of all lower ranks in O(log n) (Fenwick 1994). */
    private static final class Fenwick {
        private final double[] sums;

        Fenwick(int ranks) {
            sums = new double[ranks + 1];
        }

        void add(int rank) {
            for (int i = rank + 1; i < sums.length; i += i & -i) {
                sums[i]++;
            }
        }

        double below(int rank) {
            double sum = 0;
            for (int i = rank; i > 0; i -= i & -i) {
                sum += sums[i];
            }
            return sum;
        }
    }
}
