package dev.tacita.engine;

import dev.tacita.core.model.Normalization;
import java.util.Arrays;

/**
 * Normalises each channel over the batch and its positions; in evaluation, where its node is frozen, and where a channel
 * has one value only, by the running statistics. The statistics of the batches of one step are averaged until
 * {@link #afterStep}. Sums are in double precision.
 */
final class BatchNormOperation extends Operation {
    private final Normalization.BatchNorm layer;
    private final int channels;
    private final int plane;
    private final int weight;
    private final boolean fixed;
    private final double[] means;
    private final double[] scales;
    private final double[] sums;
    private final double[] products;
    private final double[] seenMeans;
    private final double[] seenVariances;
    private final float[] centers;
    private final float[] slopes;
    private final float[] levels;
    private final float[] tilts;
    private int seen;
    private boolean byBatch;

    BatchNormOperation(Wiring.Step step, Normalization.BatchNorm layer, int parameterOffset) {
        super(step);
        this.layer = layer;
        channels = step.outputShape().dimension(0);
        plane = step.outputShape().size() / channels;
        weight = parameterOffset;
        fixed = step.parameters().frozen();
        means = new double[channels];
        scales = new double[channels];
        sums = new double[channels];
        products = new double[channels];
        seenMeans = new double[channels];
        seenVariances = new double[channels];
        centers = new float[channels];
        slopes = new float[channels];
        levels = new float[channels];
        tilts = new float[channels];
    }

    /** Forgets the statistics of batches for which no step was made. */
    void begin() {
        seen = 0;
        Arrays.fill(seenMeans, 0);
        Arrays.fill(seenVariances, 0);
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] w = tape.parameters();
        byBatch = tape.training() && !fixed && (long) tape.batch() * plane > 1;
        if (byBatch) {
            measure(x, tape.batch());
        } else {
            for (int c = 0; c < channels; c++) {
                means[c] = w[weight + 2 * channels + c];
                scales[c] = 1 / Math.sqrt(Math.max(0, w[weight + 3 * channels + c]) + layer.epsilon());
            }
        }
        for (int c = 0; c < channels; c++) {
            centers[c] = (float) means[c];
            slopes[c] = (float) (scales[c] * w[weight + c]);
            levels[c] = w[weight + channels + c];
        }
        standardise(x, tape.value(output()), tape.batch());
    }

    private void measure(float[] x, int batch) {
        double count = (double) batch * plane;
        Arrays.fill(means, 0);
        Arrays.fill(scales, 0);
        for (int row = 0; row < batch; row++) {
            for (int c = 0; c < channels; c++) {
                int at = (row * channels + c) * plane;
                means[c] += plane == 1 ? x[at] : Sums.sum(x, at, plane);
            }
        }
        for (int c = 0; c < channels; c++) {
            means[c] /= count;
        }
        for (int row = 0; row < batch; row++) {
            for (int c = 0; c < channels; c++) {
                int at = (row * channels + c) * plane;
                double away = x[at] - means[c];
                scales[c] += plane == 1 ? away * away : Sums.squares(x, at, plane, means[c]);
            }
        }
        seen++;
        for (int c = 0; c < channels; c++) {
            seenMeans[c] += means[c];
            seenVariances[c] += scales[c] / (count - 1);
            scales[c] = 1 / Math.sqrt(scales[c] / count + layer.epsilon());
        }
    }

    private void standardise(float[] x, float[] y, int batch) {
        for (int row = 0; row < batch; row++) {
            int at = row * channels * plane;
            if (plane == 1) {
                for (int c = 0; c < channels; c++) {
                    y[at + c] = (x[at + c] - centers[c]) * slopes[c] + levels[c];
                }
            } else {
                for (int c = 0; c < channels; c++) {
                    standardise(x, y, at + c * plane, centers[c], slopes[c], levels[c]);
                }
            }
        }
    }

    private void standardise(float[] x, float[] y, int at, float center, float slope, float level) {
        for (int i = at; i < at + plane; i++) {
            y[i] = (x[i] - center) * slope + level;
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] w = tape.parameters();
        double count = (double) tape.batch() * plane;
        if (byBatch) {
            addUp(tape);
        }
        for (int c = 0; c < channels; c++) {
            double slope = scales[c] * w[weight + c];
            centers[c] = (float) means[c];
            slopes[c] = (float) slope;
            levels[c] = byBatch ? (float) (slope * sums[c] / count) : 0f;
            tilts[c] = byBatch ? (float) (slope * scales[c] * products[c] / count) : 0f;
        }
        float[] signal = tape.signal(output());
        if (byBatch) {
            carry(signal, tape.value(input()), to, tape.batch());
        } else {
            Arrays.fill(centers, 0f);
            standardise(signal, to, tape.batch());
        }
    }

    private void carry(float[] signal, float[] x, float[] to, int batch) {
        for (int row = 0; row < batch; row++) {
            int at = row * channels * plane;
            if (plane == 1) {
                for (int c = 0; c < channels; c++) {
                    to[at + c] = signal[at + c] * slopes[c] - levels[c] - (x[at + c] - centers[c]) * tilts[c];
                }
            } else {
                for (int c = 0; c < channels; c++) {
                    carry(signal, x, to, at + c * plane, c);
                }
            }
        }
    }

    private void carry(float[] signal, float[] x, float[] to, int at, int c) {
        float center = centers[c];
        float slope = slopes[c];
        float level = levels[c];
        float tilt = tilts[c];
        for (int i = at; i < at + plane; i++) {
            to[i] = signal[i] * slope - level - (x[i] - center) * tilt;
        }
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        addUp(tape);
        for (int c = 0; c < channels; c++) {
            gradient[weight + c] = (float) products[c];
            gradient[weight + channels + c] = (float) sums[c];
        }
        Arrays.fill(gradient, weight + 2 * channels, weight + 4 * channels, 0f);
    }

    /** For each channel the sum of the signal, and of the signal times the normalised value. */
    private void addUp(Tape tape) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        for (int row = 0; row < tape.batch(); row++) {
            for (int c = 0; c < channels; c++) {
                int at = (row * channels + c) * plane;
                if (plane == 1) {
                    sums[c] += signal[at];
                    products[c] += signal[at] * (x[at] - means[c]);
                } else {
                    double sum = Sums.sum(signal, at, plane);
                    sums[c] += sum;
                    products[c] += Sums.product(signal, at, x, at, plane) - means[c] * sum;
                }
            }
        }
        for (int c = 0; c < channels; c++) {
            products[c] *= scales[c];
        }
    }

    @Override
    void afterStep(float[] parameters) {
        if (seen == 0) {
            return;
        }
        double momentum = layer.momentum();
        int mean = weight + 2 * channels;
        int variance = weight + 3 * channels;
        for (int c = 0; c < channels; c++) {
            parameters[mean + c] = (float) ((1 - momentum) * parameters[mean + c] + momentum * seenMeans[c] / seen);
            parameters[variance + c] =
                    (float) ((1 - momentum) * parameters[variance + c] + momentum * seenVariances[c] / seen);
        }
        begin();
    }
}
