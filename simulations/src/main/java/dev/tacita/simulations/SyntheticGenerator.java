package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import java.util.random.RandomGenerator;

/**
 * Synthetic(alpha, beta) (Li et al. 2020, FedProx, section 5.1, after Shamir et al. 2014; alpha and beta are deviations, as in the
 * authors' own generator, where the paper's N(0, alpha) could be read as a variance). 60 inputs and
 * 10 classes; site k labels x by argmax(W_k x + b_k), where each number of W_k and b_k is normal around u_k, and u_k is normal
 * of deviation {@code alpha}; input j is normal around v_kj with variance j^-1.2, v_kj is normal around B_k, and B_k is normal of
 * deviation {@code beta}. So alpha is how much sites' models differ, and beta how much their rows do. A site has 50 rows and
 * a log-normal number (4, 2) more.
 *
 * @param alpha at least 0, finite
 * @param beta at least 0, finite
 * @param alike whether all sites have one model and one distribution of rows, as in Synthetic-IID; alpha and beta are 0 then
 */
public record SyntheticGenerator(int sites, double alpha, double beta, boolean alike, double testFraction, long seed)
        implements Generator {
    static final int INPUTS = 60;
    static final int CLASSES = 10;

    public SyntheticGenerator {
        Generator.check(sites, testFraction);
        if (!(alpha >= 0 && alpha < Double.POSITIVE_INFINITY && beta >= 0 && beta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "alpha and beta must be >= 0 and finite. Provided values: " + alpha + ", " + beta);
        }
        if (alike && (alpha != 0 || beta != 0)) {
            throw new IllegalArgumentException(
                    "sites that are alike must have alpha and beta of 0. Provided values: " + alpha + ", " + beta);
        }
    }

    @Override
    public Examples rows(int site) {
        RandomGenerator random = at(site).derive("rows").random();
        RandomGenerator shape = alike
                ? at(-1).derive("model").random()
                : at(site).derive("model").random();
        double modelCentre = alpha * shape.nextGaussian();
        double rowCentre = beta * shape.nextGaussian();
        double[][] weights = new double[CLASSES][INPUTS];
        double[] biases = new double[CLASSES];
        for (int k = 0; k < CLASSES; k++) {
            for (int j = 0; j < INPUTS; j++) {
                weights[k][j] = modelCentre + shape.nextGaussian();
            }
            biases[k] = modelCentre + shape.nextGaussian();
        }
        double[] centre = new double[INPUTS];
        for (int j = 0; j < INPUTS; j++) {
            centre[j] = alike ? 0 : rowCentre + shape.nextGaussian();
        }
        int size = Generator.size(4, 2, 50, random);
        float[] inputs = new float[size * INPUTS];
        float[] targets = new float[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < INPUTS; j++) {
                inputs[i * INPUTS + j] = (float) (centre[j] + Math.pow(j + 1, -.6) * random.nextGaussian());
            }
            targets[i] = best(weights, biases, inputs, i * INPUTS);
        }
        return Generator.table(INPUTS, inputs, targets);
    }

    private static int best(double[][] weights, double[] biases, float[] inputs, int from) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < CLASSES; k++) {
            double score = biases[k];
            for (int j = 0; j < INPUTS; j++) {
                score += weights[k][j] * inputs[from + j];
            }
            if (score > most) {
                most = score;
                best = k;
            }
        }
        return best;
    }
}
