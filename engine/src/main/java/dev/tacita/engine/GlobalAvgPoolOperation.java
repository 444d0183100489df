package dev.tacita.engine;

import java.util.Arrays;

/** The mean of each channel of an image. */
final class GlobalAvgPoolOperation extends Operation {
    private final int channels;
    private final int plane;

    GlobalAvgPoolOperation(Wiring.Step step) {
        super(step);
        channels = step.outputShape().size();
        plane = step.inputShapes().get(0).size() / channels;
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        int means = tape.batch() * channels;
        for (int mean = 0; mean < means; mean++) {
            y[mean] = (float) (Sums.sum(x, mean * plane, plane) / plane);
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] signal = tape.signal(output());
        int means = tape.batch() * channels;
        for (int mean = 0; mean < means; mean++) {
            Arrays.fill(to, mean * plane, (mean + 1) * plane, signal[mean] / plane);
        }
    }
}
