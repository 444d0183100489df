package dev.tacita.dp.audit;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.PerExampleGradients.Group;
import dev.tacita.core.learning.PerExampleGradients.OfTask;
import dev.tacita.core.learning.ScalingRule;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Two classes told apart by one weight for each of many features: its data, its losses, and each example's gradient. */
final class LogisticRegression implements OfTask {
    private final float[][] inputs;
    private final int[] labels;

    private LogisticRegression(float[][] inputs, int[] labels) {
        this.inputs = inputs;
        this.labels = labels;
    }

    /** Examples whose labels depend a little on the first feature: there is something to learn, and much to remember. */
    static LogisticRegression drawn(Random random, int examples, int features) {
        float[][] inputs = new float[examples][features];
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            for (int j = 0; j < features; j++) {
                inputs[i][j] = (float) (random.nextGaussian() / Math.sqrt(features));
            }
            inputs[i][0] = random.nextBoolean() ? 1 : -1;
            labels[i] = random.nextDouble() < 0.5 + 0.2 * inputs[i][0] ? 1 : 0;
        }
        return new LogisticRegression(inputs, labels);
    }

    int size() {
        return labels.length;
    }

    int features() {
        return inputs[0].length;
    }

    int[] labels() {
        return labels.clone();
    }

    double[] losses(float[] weights) {
        double[] losses = new double[labels.length];
        for (int i = 0; i < losses.length; i++) {
            double margin = output(weights, i) * (2 * labels[i] - 1);
            losses[i] = Math.log1p(Math.exp(-margin));
        }
        return losses;
    }

    /** Trained without privacy, by gradient descent on all of the rows. */
    float[] trainedOn(int[] rows, int steps, float learningRate) {
        float[] weights = new float[features()];
        float[] sum = new float[features()];
        for (int step = 0; step < steps; step++) {
            sum(weights, rows, rows.length, norms -> everyoneByOne(norms), sum);
            for (int j = 0; j < weights.length; j++) {
                weights[j] -= learningRate * sum[j] / rows.length;
            }
        }
        return weights;
    }

    static void everyoneByOne(ExampleNorms norms) {
        for (int i = 0; i < norms.count(); i++) {
            norms.scale(i, 1);
        }
    }

    @Override
    public List<Group> groups() {
        return List.of(new Group("weights", 0, features()));
    }

    @Override
    public Evaluation sum(float[] weights, int[] rows, int count, ScalingRule rule, float[] sum) {
        Arrays.fill(sum, 0);
        if (count == 0) {
            return Evaluation.NONE;
        }
        ExampleNorms norms = new ExampleNorms(1, count);
        norms.begin(0, count);
        double[] errors = new double[count];
        double loss = 0;
        for (int i = 0; i < count; i++) {
            errors[i] = 1 / (1 + Math.exp(-output(weights, rows[i]))) - labels[rows[i]];
            loss -= Math.log(1 - Math.abs(errors[i]));
            double square = 0;
            for (float value : inputs[rows[i]]) {
                square += value * value;
            }
            norms.squares(0)[i] = errors[i] * errors[i] * square;
        }
        rule.scale(norms);
        for (int i = 0; i < count; i++) {
            double factor = errors[i] * norms.coefficients(0)[i];
            for (int j = 0; j < sum.length; j++) {
                sum[j] += (float) (factor * inputs[rows[i]][j]);
            }
        }
        return new Evaluation(count, loss, 0);
    }

    @Override
    public void each(float[] weights, int[] rows, int count, float[][] gradients) {
        for (int i = 0; i < count; i++) {
            sum(weights, new int[] {rows[i]}, 1, norms -> everyoneByOne(norms), gradients[i]);
        }
    }

    private double output(float[] weights, int row) {
        double output = 0;
        for (int j = 0; j < weights.length; j++) {
            output += weights[j] * inputs[row][j];
        }
        return output;
    }
}
