package dev.tacita.core.aggregation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bulyan over Krum (El Mhamdi, Guerraoui and Rouault 2018): theta = n - 2f updates are selected one after the other, each the
 * one with the least sum of squared distances to its n - f - 2 nearest among those left; then each coordinate is the mean of
 * the theta - 2f values nearest to their median. Where sums or distances are equal, the earlier site is taken. Weights do not
 * count.
 *
 * @param hostile f, how many sites may be hostile, at least 0; the rule needs n >= 4f + 3 where f is above 0
 */
public record Bulyan(int hostile) implements Aggregation {
    public Bulyan {
        Counts.hostile(hostile);
    }

    @Override
    public String name() {
        return "bulyan";
    }

    @Override
    public int leastUpdates() {
        return 4 * hostile + 3;
    }

    @Override
    public double[] aggregate(Updates updates) {
        updates.requireAtLeast(this);
        List<Integer> selected = selected(updates.squaredDistances(), updates.count() - 2 * hostile);
        int nearest = selected.size() - 2 * hostile;
        double[] result = new double[updates.length()];
        double[] column = new double[updates.count()];
        double[] chosen = new double[selected.size()];
        for (int j = 0; j < result.length; j++) {
            updates.column(j, column);
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = column[selected.get(i)];
            }
            double[] sorted = chosen.clone();
            Arrays.sort(sorted);
            result[j] = Nearest.mean(CoordinateMedian.ofSorted(sorted), chosen, nearest);
        }
        return result;
    }

    private List<Integer> selected(double[][] distances, int theta) {
        List<Integer> left = new ArrayList<>(Krum.range(distances.length));
        List<Integer> selected = new ArrayList<>();
        while (selected.size() < theta) {
            double[] scores = Krum.scores(distances, left, Krum.nearest(distances.length, hostile));
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                if (scores[i] < scores[best]) {
                    best = i;
                }
            }
            selected.add(left.remove(best));
        }
        return selected;
    }
}
