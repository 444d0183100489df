package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sites whose models lie around few centres (the synthetic data of LEAF: Caldas et al. 2018, "LEAF: A Benchmark for Federated
 * Settings"). A site belongs to a cluster k and labels x by argmax(Q u x + e), where Q is common to all, u is normal of deviation
 * 0.1 around the cluster's centre, 1 is the first input of a bias, and e is normal of deviation 0.1 for each row and class. Input
 * j is normal around v_j with variance j^-1.2, v_j is normal around B, and B is normal, a site's own. A site has 5 rows and a
 * log-normal number (3, 2) more, 1,000 at most.
 *
 * @param classes at least 2
 * @param inputs at least 1
 * @param clusters how likely a site belongs to each, above 0, together 1
 */
public record ClusteredGenerator(
        int sites, int classes, int inputs, List<Double> clusters, double testFraction, long seed)
        implements Generator {
    private static final int MOST_ROWS = 1000;
    private static final double SPREAD = .1;

    public ClusteredGenerator {
        Generator.check(sites, testFraction);
        if (classes < 2 || inputs < 1) {
            throw new IllegalArgumentException(
                    "classes must be >= 2 and inputs >= 1. Provided values: " + classes + ", " + inputs);
        }
        clusters = List.copyOf(clusters);
        double sum = clusters.stream().mapToDouble(Double::doubleValue).sum();
        if (clusters.stream().anyMatch(each -> !(each > 0)) || !(Math.abs(sum - 1) < 1e-6)) {
            throw new IllegalArgumentException(
                    "clusters must be one or more numbers > 0 whose sum is 1. Provided value: " + clusters);
        }
    }

    /** The cluster of a site, from 0. */
    int clusterOf(int site) {
        double at = shape(site).nextDouble();
        int cluster = 0;
        while (cluster < clusters.size() - 1 && at >= clusters.get(cluster)) {
            at -= clusters.get(cluster++);
        }
        return cluster;
    }

    @Override
    public Examples rows(int site) {
        double[][] weights = weights(site);
        RandomGenerator random = at(site).derive("rows").random();
        double common = random.nextGaussian();
        double[] centre = new double[inputs];
        for (int j = 0; j < inputs; j++) {
            centre[j] = common + random.nextGaussian();
        }
        int size = Math.min(MOST_ROWS, Generator.size(3, 2, 5, random));
        float[] rows = new float[size * inputs];
        float[] targets = new float[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < inputs; j++) {
                rows[i * inputs + j] = (float) (centre[j] + Math.pow(j + 1, -.6) * random.nextGaussian());
            }
            targets[i] = label(weights, rows, i * inputs, random);
        }
        return Generator.table(inputs, rows, targets);
    }

    /** For each class the bias and then a weight for each input. */
    double[][] weights(int site) {
        RandomGenerator common = at(-1).derive("model").random();
        int centres = clusters.size();
        double[][] clusterCentres = new double[centres][centres];
        for (double[] each : clusterCentres) {
            double middle = common.nextGaussian();
            for (int s = 0; s < centres; s++) {
                each[s] = middle + common.nextGaussian();
            }
        }
        RandomGenerator own = shape(site);
        own.nextDouble();
        double[] information = clusterCentres[clusterOf(site)];
        for (int s = 0; s < centres; s++) {
            information[s] += SPREAD * own.nextGaussian();
        }
        double[][] weights = new double[classes][inputs + 1];
        for (double[] ofClass : weights) {
            for (int j = 0; j <= inputs; j++) {
                for (int s = 0; s < centres; s++) {
                    ofClass[j] += common.nextGaussian() * information[s];
                }
            }
        }
        return weights;
    }

    private RandomGenerator shape(int site) {
        return at(site).derive("model").random();
    }

    private static int label(double[][] weights, float[] rows, int from, RandomGenerator random) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < weights.length; k++) {
            double score = weights[k][0] + SPREAD * random.nextGaussian();
            for (int j = 1; j < weights[k].length; j++) {
                score += weights[k][j] * rows[from + j - 1];
            }
            if (score > most) {
                most = score;
                best = k;
            }
        }
        return best;
    }
}
