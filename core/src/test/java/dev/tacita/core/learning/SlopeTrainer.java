package dev.tacita.core.learning;

import dev.tacita.core.optimizer.Optimizer;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** Descends a function that is known, with its gradient, whatever the examples say; one step is one batch of all. */
final class SlopeTrainer implements LocalTrainer {
    private final ToDoubleFunction<float[]> loss;
    private final UnaryOperator<float[]> gradient;

    SlopeTrainer(ToDoubleFunction<float[]> loss, UnaryOperator<float[]> gradient) {
        this.loss = loss;
        this.gradient = gradient;
    }

    /** Half the squared distance to a point, times a curvature. */
    static SlopeTrainer bowl(double curvature, double... centre) {
        return new SlopeTrainer(
                w -> {
                    double sum = 0;
                    for (int i = 0; i < w.length; i++) {
                        sum += curvature * (w[i] - centre[i]) * (w[i] - centre[i]) / 2;
                    }
                    return sum;
                },
                w -> {
                    float[] slope = new float[w.length];
                    for (int i = 0; i < w.length; i++) {
                        slope[i] = (float) (curvature * (w[i] - centre[i]));
                    }
                    return slope;
                });
    }

    @Override
    public LocalResult train(LocalTask task, Examples train) {
        LocalWork.Train work = (LocalWork.Train) task.work();
        float[] parameters = task.parameters().clone();
        Optimizer optimizer = Optimizer.of(task, work);
        for (long step = 0; step < work.steps(train.size()); step++) {
            optimizer.step(
                    parameters, gradient.apply(parameters), work.schedule().factor(step));
        }
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] -= task.parameters()[i];
        }
        return new LocalResult(new ModelUpdate(parameters, train.size()), Evaluation.NONE);
    }

    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) {
        return new Evaluation(examples.size(), loss.applyAsDouble(task.parameters()) * examples.size(), 0);
    }
}
