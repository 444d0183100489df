package dev.tacita.engine;

import dev.tacita.core.model.Shape;
import java.util.Optional;

/** -(1 - p)^gamma log p of the target's probability p. */
record FocalFunction(double gamma, Shape output) implements LossFunction {
    @Override
    public int targetSize() {
        return 1;
    }

    @Override
    public Optional<String> outputProblem() {
        return output.rank() == 1 && output.size() >= 2
                ? Optional.empty()
                : Optional.of("the focal loss needs a vector of at least two logits. Provided shape: " + output);
    }

    @Override
    public Optional<String> targetProblem(float[] targets, int offset) {
        return Classes.problem(targets[offset], output.size());
    }

    @Override
    public void score(float[] outputs, float[] targets, int batch, Score score) {
        int width = output.size();
        for (int row = 0; row < batch; row++) {
            int at = row * width;
            int target = (int) targets[row];
            int best = Classes.best(outputs, at, width);
            double sum = sum(outputs, at, outputs[at + best]);
            double logP = outputs[at + target] - outputs[at + best] - Math.log(sum);
            score.add(-Math.pow(rest(outputs, at, target, best, sum), gamma) * logP, best == target);
        }
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        int width = output.size();
        score(outputs, targets, batch, score);
        for (int row = 0; row < batch; row++) {
            int at = row * width;
            int target = (int) targets[row];
            int best = Classes.best(outputs, at, width);
            double sum = sum(outputs, at, outputs[at + best]);
            double logP = outputs[at + target] - outputs[at + best] - Math.log(sum);
            double p = Math.exp(logP);
            double rest = rest(outputs, at, target, best, sum);
            // dLoss/dlog p, times dlog p/dlogit_i = [i is the target] - softmax_i
            double slope = -Math.pow(rest, gamma);
            if (gamma > 0 && rest > 0) {
                slope += gamma * Math.pow(rest, gamma - 1) * p * logP;
            }
            for (int i = 0; i < width; i++) {
                double softmax = Math.exp(outputs[at + i] - outputs[at + best]) / sum;
                double kronecker = i == target ? 1 : 0;
                signal[at + i] = (float) (factor * slope * (kronecker - softmax));
            }
        }
    }

    private double sum(float[] outputs, int at, float most) {
        double sum = 0;
        for (int i = 0; i < output.size(); i++) {
            sum += Math.exp(outputs[at + i] - most);
        }
        return sum;
    }

    /** 1 - p, added up from the other classes, so that a p near 1 keeps its digits. */
    private double rest(float[] outputs, int at, int target, int best, double sum) {
        double others = 0;
        for (int i = 0; i < output.size(); i++) {
            if (i != target) {
                others += Math.exp(outputs[at + i] - outputs[at + best]);
            }
        }
        return others / sum;
    }
}
