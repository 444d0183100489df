package dev.tacita.dp.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Noise by binary trees: each node of a tree over the steps gets its own, once, and a running sum is that of the fewest nodes
 * that cover it (Kairouz et al. 2021, "Practical and private (deep) learning without sampling or shuffling", sec. 3;
 * Chan, Shi and Song 2011). What a step releases is the running sum minus the one before. Keeps two vectors for each
 * level.
 */
final class TreeNoise implements NoiseStream {
    private final NoiseStream nodes;
    private final List<double[]> sums = new ArrayList<>();
    private final List<double[]> noisySums = new ArrayList<>();
    private final double[] total;
    private long steps;

    /** @param nodes gives each node its noise */
    TreeNoise(int dimension, NoiseStream nodes) {
        this.nodes = nodes;
        total = new double[dimension];
    }

    /** Ends this tree: the next step is the first of a new one. */
    void restart() {
        steps = 0;
        Arrays.fill(total, 0);
    }

    @Override
    public void release(double[] sum) {
        steps++;
        int level = Long.numberOfTrailingZeros(steps);
        if (level == sums.size()) {
            sums.add(new double[total.length]);
            noisySums.add(new double[total.length]);
        }
        for (int lower = 0; lower < level; lower++) {
            add(sums.get(lower), sum);
        }
        System.arraycopy(sum, 0, sums.get(level), 0, total.length);
        double[] noisy = noisySums.get(level);
        System.arraycopy(sum, 0, noisy, 0, total.length);
        nodes.release(noisy);
        for (int i = 0; i < total.length; i++) {
            sum[i] = -total[i];
        }
        Arrays.fill(total, 0);
        for (int active = 0; active < sums.size(); active++) {
            if ((steps >> active & 1) == 1) {
                add(noisySums.get(active), total);
            }
        }
        add(total, sum);
    }

    private static void add(double[] values, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += values[i];
        }
    }
}
