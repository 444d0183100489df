package dev.tacita.engine;

import dev.tacita.core.number.SeedStream;
import java.util.random.RandomGenerator;

/** In training each element is zero with the given rate, else divided by 1 - rate; in evaluation nothing changes. */
final class DropoutOperation extends Operation {
    private final String node;
    private final double rate;
    private final float[] factors;
    private RandomGenerator random = SeedStream.of(0).random();

    DropoutOperation(Wiring.Step step, double rate, int capacity) {
        super(step);
        this.rate = rate;
        node = step.node().id();
        factors = new float[capacity * step.outputShape().size()];
    }

    /** Starts the draws of a task; each node has a stream of its own. */
    void begin(SeedStream seeds) {
        random = seeds.derive(node).random();
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        int length = tape.length(output());
        if (!tape.training()) {
            System.arraycopy(x, 0, y, 0, length);
            return;
        }
        float kept = (float) (1 / (1 - rate));
        for (int i = 0; i < length; i++) {
            factors[i] = random.nextDouble() < rate ? 0f : kept;
            y[i] = x[i] * factors[i];
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] signal = tape.signal(output());
        int length = tape.length(output());
        if (!tape.training()) {
            System.arraycopy(signal, 0, to, 0, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            to[i] = signal[i] * factors[i];
        }
    }
}
