package dev.tacita.dp.training;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.learning.ScalingRule;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/** Gradients of (w x + b - y)^2 / 2 for one dense layer with one output, by the formula; and its evaluation. */
final class LeastSquares implements PerExampleGradients, LocalTrainer {
    int largestPass;

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return List.of();
    }

    @Override
    public OfTask of(LocalTask task, Examples examples, int largestPass) {
        this.largestPass = largestPass;
        int size = task.model().layout().size();
        return new OfTask() {
            @Override
            public List<Group> groups() {
                return FixedGradients.layers(size);
            }

            @Override
            public Evaluation sum(float[] parameters, int[] rows, int count, ScalingRule rule, float[] sum) {
                return at(parameters).sum(parameters, rows, count, rule, sum);
            }

            @Override
            public void each(float[] parameters, int[] rows, int count, float[][] gradients) {
                at(parameters).each(parameters, rows, count, gradients);
            }

            private FixedGradients at(float[] parameters) {
                float[][] gradients = new float[examples.size()][];
                for (int row = 0; row < gradients.length; row++) {
                    gradients[row] = gradient(parameters, examples, row);
                }
                return FixedGradients.of(gradients);
            }
        };
    }

    static float[] gradient(float[] parameters, Examples examples, int row) {
        int features = parameters.length - 1;
        float[] gradient = new float[features + 1];
        examples.copyInput(row, gradient, 0);
        gradient[features] = 1;
        double residual = -target(examples, row);
        for (int i = 0; i <= features; i++) {
            residual += (double) parameters[i] * gradient[i];
        }
        for (int i = 0; i <= features; i++) {
            gradient[i] *= (float) residual;
        }
        return gradient;
    }

    private static double target(Examples examples, int row) {
        float[] target = new float[1];
        examples.copyTarget(row, target, 0);
        return target[0];
    }

    @Override
    public LocalResult train(LocalTask task, Examples train) {
        throw new AssertionError("private training must not train without noise");
    }

    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) {
        double sum = 0;
        for (int row = 0; row < examples.size(); row++) {
            double residual = gradient(task.parameters(), examples, row)[task.parameters().length - 1];
            sum += residual * residual / 2;
        }
        return new Evaluation(examples.size(), sum, 0);
    }
}
