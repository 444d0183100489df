package dev.tacita.client.examples;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.ModelUpdate;

/** A trainer of one's own: the gradient of the mean squared error of a linear model, without any engine. */
final class LeastSquaresTrainer implements LocalTrainer {
    @Override
    public LocalResult train(LocalTask task, Examples train) {
        float[] parameters = task.parameters();
        float[] gradient = new float[parameters.length];
        float[] input = new float[parameters.length - 1];
        double lossSum = 0;
        for (int i = 0; i < train.size(); i++) {
            double error = error(parameters, train, i, input);
            lossSum += error * error;
            for (int j = 0; j < input.length; j++) {
                gradient[j] += (float) (2 * error * input[j] / train.size());
            }
            gradient[input.length] += (float) (2 * error / train.size());
        }
        return new LocalResult(new ModelUpdate(gradient, train.size()), new Evaluation(train.size(), lossSum, 0));
    }

    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) {
        float[] input = new float[task.parameters().length - 1];
        double lossSum = 0;
        for (int i = 0; i < examples.size(); i++) {
            double error = error(task.parameters(), examples, i, input);
            lossSum += error * error;
        }
        return new Evaluation(examples.size(), lossSum, 0);
    }

    private static double error(float[] parameters, Examples examples, int index, float[] input) {
        float[] target = new float[1];
        examples.copyInput(index, input, 0);
        examples.copyTarget(index, target, 0);
        double output = parameters[input.length];
        for (int j = 0; j < input.length; j++) {
            output += (double) parameters[j] * input[j];
        }
        return output - target[0];
    }
}
