package dev.tacita.engine;

import java.util.Arrays;

/** Each element of the output is one element of the input, which no other has, or a constant. */
final class RearrangeOperation extends Operation {
    private static final int SHORTEST_COPIED = 8;

    private final Runs runs;
    private final int inputSize;
    private final int outputSize;
    private final float constant;

    /** @param sources for each element of the output its place in the input, or {@link Sources#CONSTANT} */
    RearrangeOperation(Wiring.Step step, int[] sources, float constant) {
        super(step);
        this.constant = constant;
        runs = Runs.of(sources);
        inputSize = step.inputShapes().get(0).size();
        outputSize = step.outputShape().size();
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        for (int row = 0; row < tape.batch(); row++) {
            int from = row * inputSize;
            int to = row * outputSize;
            for (int run = 0; run < runs.count(); run++) {
                int source = runs.source(run);
                int at = to + runs.start(run);
                int length = runs.length(run);
                if (source == Sources.CONSTANT) {
                    Arrays.fill(y, at, at + length, constant);
                } else {
                    copy(x, from + source, y, at, length);
                }
            }
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] signal = tape.signal(output());
        if (!runs.covers(inputSize)) {
            clear(to, tape.length(input()));
        }
        for (int row = 0; row < tape.batch(); row++) {
            int from = row * outputSize;
            int target = row * inputSize;
            for (int run = 0; run < runs.count(); run++) {
                int source = runs.source(run);
                if (source != Sources.CONSTANT) {
                    copy(signal, from + runs.start(run), to, target + source, runs.length(run));
                }
            }
        }
    }

    private static void copy(float[] from, int fromAt, float[] to, int toAt, int length) {
        if (length >= SHORTEST_COPIED) {
            System.arraycopy(from, fromAt, to, toAt, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            to[toAt + i] = from[fromAt + i];
        }
    }

    /** Neighbours of the output that are neighbours in the input too, or all the constant. */
    private record Runs(int[] starts, int[] sources, int copied) {
        static Runs of(int[] sources) {
            int[] starts = new int[sources.length + 1];
            int[] first = new int[sources.length];
            int count = 0;
            int copied = 0;
            for (int i = 0; i < sources.length; i++) {
                boolean constant = sources[i] == Sources.CONSTANT;
                copied += constant ? 0 : 1;
                boolean goesOn = i > 0 && (constant ? sources[i - 1] == sources[i] : sources[i - 1] == sources[i] - 1);
                if (!goesOn || (!constant && sources[i] == 0)) {
                    starts[count] = i;
                    first[count++] = sources[i];
                }
            }
            starts[count] = sources.length;
            return new Runs(Arrays.copyOf(starts, count + 1), Arrays.copyOf(first, count), copied);
        }

        int count() {
            return sources.length;
        }

        int start(int run) {
            return starts[run];
        }

        int length(int run) {
            return starts[run + 1] - starts[run];
        }

        int source(int run) {
            return sources[run];
        }

        boolean covers(int inputSize) {
            return copied == inputSize;
        }
    }
}
