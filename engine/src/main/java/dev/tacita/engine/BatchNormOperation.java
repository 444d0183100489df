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
    private final ChannelSums planes;
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
    private boolean addedUp;

    BatchNormOperation(Wiring.Step step, Normalization.BatchNorm layer, int parameterOffset) {
        super(step);
        this.layer = layer;
        channels = step.outputShape().dimension(0);
        plane = step.outputShape().size() / channels;
        weight = parameterOffset;
        fixed = step.parameters().frozen();
        planes = new ChannelSums(channels, plane);
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
        float[] y = tape.value(output());
        byBatch = tape.training() && !fixed && (long) tape.batch() * plane > 1;
        if (byBatch) {
            seen++;
        } else {
            takeRunning(tape.parameters());
        }
        if (plane == 1) {
            if (byBatch) {
                measureVectors(x, tape.batch());
            }
            for (int c = 0; c < channels; c++) {
                prepare(tape.parameters(), c);
            }
            standardiseVectors(x, y, tape.batch());
            return;
        }
        for (int c = 0; c < channels; c++) {
            if (byBatch) {
                measure(x, tape.batch(), c);
            }
            prepare(tape.parameters(), c);
            for (int row = 0; row < tape.batch(); row++) {
                standardise(x, y, (row * channels + c) * plane, centers[c], slopes[c], levels[c]);
            }
        }
    }

    private void takeRunning(float[] w) {
        for (int c = 0; c < channels; c++) {
            means[c] = w[weight + 2 * channels + c];
            scales[c] = 1 / Math.sqrt(Math.max(0, w[weight + 3 * channels + c]) + layer.epsilon());
        }
    }

    private void prepare(float[] w, int c) {
        centers[c] = (float) means[c];
        slopes[c] = (float) (scales[c] * w[weight + c]);
        levels[c] = w[weight + channels + c];
    }

    private void measure(float[] x, int batch, int c) {
        double count = (double) batch * plane;
        means[c] = planes.sum(x, c, batch) / count;
        note(c, planes.squares(x, c, batch, means[c]), count);
    }

    private void note(int c, double squares, double count) {
        seenMeans[c] += means[c];
        seenVariances[c] += squares / (count - 1);
        scales[c] = 1 / Math.sqrt(squares / count + layer.epsilon());
    }

    private void measureVectors(float[] x, int batch) {
        Arrays.fill(means, 0);
        Arrays.fill(scales, 0);
        for (int row = 0; row < batch; row++) {
            for (int c = 0; c < channels; c++) {
                means[c] += x[row * channels + c];
            }
        }
        for (int c = 0; c < channels; c++) {
            means[c] /= batch;
        }
        for (int row = 0; row < batch; row++) {
            for (int c = 0; c < channels; c++) {
                double away = x[row * channels + c] - means[c];
                scales[c] += away * away;
            }
        }
        for (int c = 0; c < channels; c++) {
            note(c, scales[c], batch);
        }
    }

    private void standardiseVectors(float[] x, float[] y, int batch) {
        for (int row = 0; row < batch; row++) {
            int at = row * channels;
            for (int c = 0; c < channels; c++) {
                y[at + c] = (x[at + c] - centers[c]) * slopes[c] + levels[c];
            }
        }
    }

    private void standardise(float[] x, float[] y, int at, float center, float slope, float level) {
        for (int i = at; i < at + plane; i++) {
            y[i] = (x[i] - center) * slope + level;
        }
    }

    @Override
    void receive(Tape tape) {
        addedUp = false;
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        if (plane == 1) {
            signalOfVectors(tape, x, signal, to);
            return;
        }
        for (int c = 0; c < channels; c++) {
            if (byBatch) {
                addUp(tape, c);
            }
            prepareBack(tape, c);
            for (int row = 0; row < tape.batch(); row++) {
                int at = (row * channels + c) * plane;
                if (byBatch) {
                    carry(signal, x, to, at, c);
                } else {
                    standardise(signal, to, at, 0f, slopes[c], 0f);
                }
            }
        }
        addedUp = byBatch;
    }

    private void signalOfVectors(Tape tape, float[] x, float[] signal, float[] to) {
        if (byBatch) {
            addUpVectors(tape);
        }
        addedUp = byBatch;
        for (int c = 0; c < channels; c++) {
            prepareBack(tape, c);
        }
        if (!byBatch) {
            Arrays.fill(centers, 0f);
            standardiseVectors(signal, to, tape.batch());
            return;
        }
        for (int row = 0; row < tape.batch(); row++) {
            int at = row * channels;
            for (int c = 0; c < channels; c++) {
                to[at + c] = signal[at + c] * slopes[c] - levels[c] - (x[at + c] - centers[c]) * tilts[c];
            }
        }
    }

    private void prepareBack(Tape tape, int c) {
        double count = (double) tape.batch() * plane;
        double slope = scales[c] * tape.parameters()[weight + c];
        centers[c] = (float) means[c];
        slopes[c] = (float) slope;
        levels[c] = byBatch ? (float) (slope * sums[c] / count) : 0f;
        tilts[c] = byBatch ? (float) (slope * scales[c] * products[c] / count) : 0f;
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
        if (!addedUp) {
            addUp(tape);
        }
        for (int c = 0; c < channels; c++) {
            gradient[weight + c] = (float) products[c];
            gradient[weight + channels + c] = (float) sums[c];
        }
        Arrays.fill(gradient, weight + 2 * channels, weight + 4 * channels, 0f);
    }

    private void addUp(Tape tape) {
        if (plane == 1) {
            addUpVectors(tape);
            return;
        }
        for (int c = 0; c < channels; c++) {
            addUp(tape, c);
        }
    }

    /** The sum of a channel's signal, and of the signal times the normalised value. */
    private void addUp(Tape tape, int c) {
        planes.addUp(tape.signal(output()), tape.value(input()), c, tape.batch(), means[c]);
        sums[c] = planes.sum();
        products[c] = planes.product() * scales[c];
    }

    private void addUpVectors(Tape tape) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        for (int row = 0; row < tape.batch(); row++) {
            for (int c = 0; c < channels; c++) {
                int at = row * channels + c;
                sums[c] += signal[at];
                products[c] += signal[at] * (x[at] - means[c]);
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
