package dev.tacita.engine;

import java.util.Arrays;

/**
 * Normalises stretches of each example to mean 0 and variance 1, then scales and shifts: group, instance and layer
 * normalisation. A stretch consists of runs that share a weight and a bias. Means, variances and gradients are added up in
 * double precision.
 */
final class ExampleNormOperation extends Operation {
    private final double epsilon;
    private final int run;
    private final int runs;
    private final int stretches;
    private final int weights;
    private final int weight;
    private final double[] means;
    private final double[] scales;
    private final double[] weightSums;
    private final double[] biasSums;

    /**
     * @param length values that are normalised together
     * @param run neighbouring values that share a weight and a bias; divides the length
     * @param weights of each example; stretches that come after the last weight begin at the first again
     */
    ExampleNormOperation(
            Wiring.Step step, double epsilon, int length, int run, int weights, int parameterOffset, int capacity) {
        super(step);
        this.epsilon = epsilon;
        this.run = run;
        this.weights = weights;
        runs = length / run;
        stretches = step.outputShape().size() / length;
        weight = parameterOffset;
        means = new double[capacity * stretches];
        scales = new double[capacity * stretches];
        weightSums = new double[weights];
        biasSums = new double[weights];
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        float[] w = tape.parameters();
        int length = run * runs;
        for (int stretch = 0; stretch < tape.batch() * stretches; stretch++) {
            int at = stretch * length;
            double mean = Sums.sum(x, at, length) / length;
            double scale = 1 / Math.sqrt(Sums.squares(x, at, length, mean) / length + epsilon);
            means[stretch] = mean;
            scales[stretch] = scale;
            int first = weight + firstWeight(stretch);
            if (run == 1) {
                standardiseEach(x, y, at, (float) mean, (float) scale, w, first);
            } else {
                for (int i = 0; i < runs; i++) {
                    float slope = (float) (scale * w[first + i]);
                    standardise(x, y, at + i * run, (float) mean, slope, w[first + i + weights]);
                }
            }
        }
    }

    private void standardise(float[] x, float[] y, int at, float mean, float slope, float shift) {
        for (int i = at; i < at + run; i++) {
            y[i] = (x[i] - mean) * slope + shift;
        }
    }

    private void standardiseEach(float[] x, float[] y, int at, float mean, float scale, float[] w, int first) {
        for (int i = 0; i < runs; i++) {
            y[at + i] = (x[at + i] - mean) * scale * w[first + i] + w[first + weights + i];
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        float[] w = tape.parameters();
        int length = run * runs;
        for (int stretch = 0; stretch < tape.batch() * stretches; stretch++) {
            int at = stretch * length;
            int first = weight + firstWeight(stretch);
            double mean = means[stretch];
            double scale = scales[stretch];
            double sum = 0;
            double product = 0;
            for (int i = 0; i < runs; i++) {
                if (run == 1) {
                    double each = (double) signal[at + i] * w[first + i];
                    sum += each;
                    product += each * (x[at + i] - mean);
                } else {
                    int from = at + i * run;
                    double each = Sums.sum(signal, from, run);
                    sum += w[first + i] * each;
                    product += w[first + i] * (Sums.product(signal, from, x, from, run) - mean * each);
                }
            }
            float level = (float) (scale * sum / length);
            float tilt = (float) (scale * scale * scale * product / length);
            if (run == 1) {
                carryEach(signal, x, to, at, (float) mean, (float) scale, w, first, level, tilt);
            } else {
                for (int i = 0; i < runs; i++) {
                    carry(signal, x, to, at + i * run, (float) mean, (float) (scale * w[first + i]), level, tilt);
                }
            }
        }
    }

    private void carry(
            float[] signal, float[] x, float[] to, int at, float mean, float slope, float level, float tilt) {
        for (int i = at; i < at + run; i++) {
            to[i] = signal[i] * slope - level - (x[i] - mean) * tilt;
        }
    }

    private void carryEach(
            float[] signal,
            float[] x,
            float[] to,
            int at,
            float mean,
            float scale,
            float[] w,
            int first,
            float level,
            float tilt) {
        for (int i = 0; i < runs; i++) {
            to[at + i] = signal[at + i] * scale * w[first + i] - level - (x[at + i] - mean) * tilt;
        }
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        collect(tape, 0, tape.batch(), gradient);
    }

    @Override
    void collectExample(Tape tape, int example, float[] gradient) {
        collect(tape, example, example + 1, gradient);
    }

    private void collect(Tape tape, int firstExample, int endExample, float[] gradient) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        Arrays.fill(weightSums, 0);
        Arrays.fill(biasSums, 0);
        for (int stretch = firstExample * stretches; stretch < endExample * stretches; stretch++) {
            int at = stretch * run * runs;
            int first = firstWeight(stretch);
            double mean = means[stretch];
            double scale = scales[stretch];
            for (int i = 0; i < runs; i++) {
                if (run == 1) {
                    weightSums[first + i] += signal[at + i] * (x[at + i] - mean) * scale;
                    biasSums[first + i] += signal[at + i];
                } else {
                    int from = at + i * run;
                    double sum = Sums.sum(signal, from, run);
                    weightSums[first + i] += (Sums.product(signal, from, x, from, run) - mean * sum) * scale;
                    biasSums[first + i] += sum;
                }
            }
        }
        for (int i = 0; i < weights; i++) {
            gradient[weight + i] = (float) weightSums[i];
            gradient[weight + weights + i] = (float) biasSums[i];
        }
    }

    @Override
    void scale(Tape tape, float[] coefficients) {
        super.scale(tape, coefficients);
        for (int example = 0; example < tape.batch(); example++) {
            if (coefficients[example] == 0) {
                Arrays.fill(means, example * stretches, (example + 1) * stretches, 0);
                Arrays.fill(scales, example * stretches, (example + 1) * stretches, 0);
            }
        }
    }

    private int firstWeight(int stretch) {
        return stretch % stretches * runs % weights;
    }
}
