package dev.tacita.engine;

import dev.tacita.core.learning.Examples;
import java.util.Arrays;

/** Runs a plan and a loss over chosen examples, a piece that fits the plan at a time. */
final class BatchRunner {
    private final CompiledPlan plan;
    private final LossFunction loss;
    private final Examples examples;
    private final float[] targets;
    private final int inputSize;
    private double[] sum = new double[0];

    BatchRunner(CompiledPlan plan, LossFunction loss, Examples examples) {
        this.plan = plan;
        this.loss = loss;
        this.examples = examples;
        targets = new float[plan.capacity() * loss.targetSize()];
        inputSize = examples.inputShape().size();
    }

    /** Scores the examples that {@code order} names at {@code from} and the {@code count} - 1 places after it. */
    void score(float[] parameters, int[] order, int from, int count, Score score) throws InterruptedException {
        for (int at = from; at < from + count; at += plan.capacity()) {
            stopIfInterrupted();
            int piece = Math.min(plan.capacity(), from + count - at);
            load(order, at, piece);
            loss.score(plan.forward(parameters, piece, false), targets, piece, score);
        }
    }

    /** As {@link #score}, for what the outputs say of the model. */
    void measure(float[] parameters, int[] order, Measurement measurement) throws InterruptedException {
        for (int at = 0; at < order.length; at += plan.capacity()) {
            stopIfInterrupted();
            int piece = Math.min(plan.capacity(), order.length - at);
            load(order, at, piece);
            measurement.add(plan.forward(parameters, piece, false), targets, piece);
        }
    }

    /** As {@link #score}, in training; also writes the gradient of the mean loss. */
    void gradient(
            float[] parameters, int[] order, int from, int count, Score score, float[] gradient, BackwardRule rule)
            throws InterruptedException {
        if (count <= plan.capacity()) {
            stopIfInterrupted();
            piece(parameters, order, from, count, score, 1f / count, rule);
            return;
        }
        if (sum.length == 0) {
            sum = new double[gradient.length];
        }
        Arrays.fill(sum, 0);
        for (int at = from; at < from + count; at += plan.capacity()) {
            stopIfInterrupted();
            piece(parameters, order, at, Math.min(plan.capacity(), from + count - at), score, 1f, rule);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += gradient[i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            gradient[i] = (float) (sum[i] / count);
        }
    }

    /** Whether batches of up to {@code count} examples can be stepped on by {@link Descent}. */
    boolean descends(int count) {
        return count <= plan.capacity() && plan.descends();
    }

    /** As {@link CompiledPlan#settle}. */
    void settle(float[] parameters) {
        plan.settle(parameters);
    }

    /** As {@link CompiledPlan#leave}. */
    void leave(float[] parameters) {
        plan.leave(parameters);
    }

    /** To be called after each step of the optimizer. */
    void afterStep(float[] parameters) {
        plan.afterStep(parameters);
    }

    /**
     * Runs one piece in training and lets the signals of the sum of its losses travel back.
     *
     * @param count at most the plan's capacity
     */
    void signals(float[] parameters, int[] order, int from, int count, Score score, BackwardRule rule)
            throws InterruptedException {
        stopIfInterrupted();
        piece(parameters, order, from, count, score, 1f, rule);
    }

    private void piece(
            float[] parameters, int[] order, int from, int count, Score score, float factor, BackwardRule rule) {
        load(order, from, count);
        float[] output = plan.forward(parameters, count, true);
        loss.scoreAndSignal(output, targets, count, score, factor, plan.outputSignal());
        plan.backward(rule);
    }

    private void load(int[] order, int from, int count) {
        float[] input = plan.input(0);
        for (int row = 0; row < count; row++) {
            examples.copyInput(order[from + row], input, row * inputSize);
            examples.copyTarget(order[from + row], targets, row * loss.targetSize());
        }
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("training was interrupted");
        }
    }
}
