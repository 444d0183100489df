package dev.tacita.engine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The negative log partial likelihood of the batch by Efron's rule. Examples are visited from the latest time to the
 * earliest, so that the risk set only grows; sums are in double precision around the largest score.
 */
record CoxFunction(int outputs) implements LossFunction {
    @Override
    public int targetSize() {
        return 2;
    }

    @Override
    public Optional<String> outputProblem() {
        return outputs == 1
                ? Optional.empty()
                : Optional.of(
                        "the partial likelihood needs one output, the log hazard ratio. Provided value: " + outputs);
    }

    @Override
    public Optional<String> targetProblem(float[] targets, int offset) {
        if (!(targets[offset] >= 0 && targets[offset] < Float.POSITIVE_INFINITY)) {
            return Optional.of("the time must be >= 0 and finite. Provided value: " + targets[offset]);
        }
        return targets[offset + 1] == 0 || targets[offset + 1] == 1
                ? Optional.empty()
                : Optional.of("the event must be 0 or 1. Provided value: " + targets[offset + 1]);
    }

    @Override
    public void score(float[] outputs, float[] targets, int batch, Score score) {
        run(outputs, targets, batch, score, 0, new double[0]);
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        double[] slopes = new double[batch];
        run(outputs, targets, batch, score, factor, slopes);
        for (int i = 0; i < batch; i++) {
            signal[i] = (float) slopes[i];
        }
    }

    private static void run(float[] scores, float[] targets, int batch, Score score, double factor, double[] slopes) {
        int[] latestFirst = IntStream.range(0, batch)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -targets[2 * i])
                        .thenComparingInt(i -> i))
                .mapToInt(i -> i)
                .toArray();
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < batch; i++) {
            most = Math.max(most, scores[i]);
        }
        double[] hazards = new double[batch];
        for (int i = 0; i < batch; i++) {
            hazards[i] = Math.exp(scores[i] - most);
        }
        double[] losses = new double[batch];
        double[] perRisk = new double[batch];
        double[] perTie = new double[batch];
        double risk = 0;
        for (int from = 0; from < batch; ) {
            int to = from;
            double tied = 0;
            int events = 0;
            while (to < batch && targets[2 * latestFirst[to]] == targets[2 * latestFirst[from]]) {
                int i = latestFirst[to++];
                risk += hazards[i];
                if (targets[2 * i + 1] > 0) {
                    events++;
                    tied += hazards[i];
                }
            }
            double sum = 0;
            double reciprocals = 0;
            double shares = 0;
            for (int l = 0; l < events; l++) {
                double share = (double) l / events;
                double left = risk - share * tied;
                sum += Math.log(left);
                reciprocals += 1 / left;
                shares += share / left;
            }
            for (int k = from; k < to; k++) {
                int i = latestFirst[k];
                perRisk[k] = reciprocals;
                if (targets[2 * i + 1] > 0) {
                    losses[i] = sum / events + most - scores[i];
                    perTie[i] = shares;
                }
            }
            from = to;
        }
        for (double loss : losses) {
            score.add(loss, false);
        }
        if (slopes.length > 0) {
            writeSlopes(targets, latestFirst, hazards, perRisk, perTie, factor, slopes);
        }
    }

    /** An example is at risk at every event time up to its own, so what events took adds up from the earliest. */
    private static void writeSlopes(
            float[] targets,
            int[] latestFirst,
            double[] hazards,
            double[] perRisk,
            double[] perTie,
            double factor,
            double[] slopes) {
        Arrays.fill(slopes, 0);
        double reciprocals = 0;
        for (int k = latestFirst.length - 1; k >= 0; k--) {
            int i = latestFirst[k];
            boolean firstOfItsTime = k == latestFirst.length - 1 || targets[2 * latestFirst[k + 1]] != targets[2 * i];
            if (firstOfItsTime) {
                reciprocals += perRisk[k];
            }
            double event = targets[2 * i + 1];
            slopes[i] = factor * (hazards[i] * (reciprocals - perTie[i]) - event);
        }
    }
}
