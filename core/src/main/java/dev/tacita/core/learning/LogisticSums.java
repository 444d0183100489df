package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * Sums over examples of a logistic regression's loss, its gradient and its Hessian, in the order of the examples.
 *
 * @param gradient one for each parameter: weights, then the bias if there is one
 * @param hessian its lower triangle, row after row
 * @param evaluation loss, and how many are on the right side
 */
record LogisticSums(double[] gradient, double[] hessian, Evaluation evaluation) {
    LogisticSums {
        requireNonNull(gradient, "gradient is null");
        requireNonNull(hessian, "hessian is null");
        requireNonNull(evaluation, "evaluation is null");
    }

    /** @throws InterruptedException if the thread is interrupted before the end */
    static LogisticSums of(double[] parameters, boolean bias, Examples examples) throws InterruptedException {
        int size = parameters.length;
        int width = examples.inputShape().size();
        Checks.size("the parameters", size, bias ? width + 1 : width);
        double[] gradient = new double[size];
        double[] hessian = new double[size * (size + 1) / 2];
        float[] input = new float[size];
        float[] target = new float[1];
        double loss = 0;
        long correct = 0;
        if (bias) {
            input[width] = 1;
        }
        for (int row = 0; row < examples.size(); row++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("training was interrupted");
            }
            examples.copyInput(row, input, 0);
            examples.copyTarget(row, target, 0);
            double logit = 0;
            for (int i = 0; i < size; i++) {
                logit += parameters[i] * input[i];
            }
            double probability = 1 / (1 + Math.exp(-logit));
            // ln(1 + e^logit) - target * logit
            loss += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - target[0] * logit;
            correct += logit > 0 == target[0] > 0.5 ? 1 : 0;
            double variance = probability * (1 - probability);
            for (int i = 0; i < size; i++) {
                gradient[i] += (probability - target[0]) * input[i];
                for (int j = 0; j <= i; j++) {
                    hessian[place(i, j)] += variance * input[i] * input[j];
                }
            }
        }
        return new LogisticSums(gradient, hessian, new Evaluation(examples.size(), loss, correct));
    }

    /** Of row {@code i} and column {@code j} of a lower triangle; {@code j} at most {@code i}. */
    static int place(int i, int j) {
        return i * (i + 1) / 2 + j;
    }
}
