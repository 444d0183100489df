package dev.tacita.engine;

import java.util.Optional;

/**
 * The record of one forward pass: the value of every slot for every example of the batch, the parameters it was
 * computed with, and room for a signal at every slot. What an operation noted for its way back lies with the operation.
 * The buffers are made once for the largest batch; a smaller one uses their beginning.
 */
final class Tape {
    private final int[] sizes;
    private final int[] storage;
    private final float[][] values;
    private final float[][] signals;
    private final boolean[] wanted;
    private final int capacity;
    private float[] scratch = new float[0];
    private float[] parameters = new float[0];
    private int batch;
    private boolean training;

    private final int parameterCount;
    private Optional<Tape> single = Optional.empty();
    private float[] gradient = new float[0];

    Tape(Wiring wiring, int capacity) {
        this(wiring.sizes(), wiring.storage(), wiring.wanted(), wiring.parameterCount(), capacity);
    }

    private Tape(int[] sizes, int[] storage, boolean[] wanted, int parameterCount, int capacity) {
        this.sizes = sizes;
        this.storage = storage;
        this.wanted = wanted;
        this.parameterCount = parameterCount;
        this.capacity = capacity;
        values = new float[sizes.length][];
        signals = new float[sizes.length][];
        for (int slot = 0; slot < sizes.length; slot++) {
            values[slot] = storage[slot] == slot ? new float[capacity * sizes[slot]] : values[storage[slot]];
        }
    }

    void begin(float[] parameters, int batch, boolean training) {
        if (batch < 1 || batch > capacity) {
            throw new IllegalArgumentException("batch must be 1 to " + capacity + ". Provided value: " + batch);
        }
        this.parameters = parameters;
        this.batch = batch;
        this.training = training;
    }

    void beginBackward() {
        if (scratch.length > 0) {
            return;
        }
        int most = 1;
        for (int slot = 0; slot < sizes.length; slot++) {
            most = Math.max(most, sizes[slot]);
            boolean own = storage[slot] == slot;
            signals[slot] = own ? new float[wanted[slot] ? capacity * sizes[slot] : 0] : signals[storage[slot]];
        }
        scratch = new float[capacity * most];
    }

    /**
     * A tape of one example that holds what this one has of {@code example} at these slots: the values of all, and the
     * signal at {@code output}. The next call overwrites it.
     */
    Tape single(int example, int[] inputs, int output) {
        if (single.isEmpty()) {
            single = Optional.of(new Tape(sizes, storage, wanted, parameterCount, 1));
        }
        Tape one = single.orElseThrow();
        one.begin(parameters, 1, training);
        one.beginBackward();
        for (int slot : inputs) {
            System.arraycopy(values[slot], example * sizes[slot], one.values[slot], 0, sizes[slot]);
        }
        System.arraycopy(values[output], example * sizes[output], one.values[output], 0, sizes[output]);
        System.arraycopy(signals[output], example * sizes[output], one.signals[output], 0, sizes[output]);
        return one;
    }

    /** Room for one gradient of the whole model. */
    float[] gradient() {
        if (gradient.length < parameterCount) {
            gradient = new float[parameterCount];
        }
        return gradient;
    }

    int size(int slot) {
        return sizes[slot];
    }

    float[] value(int slot) {
        return values[slot];
    }

    float[] signal(int slot) {
        return signals[slot];
    }

    boolean wanted(int slot) {
        return wanted[slot];
    }

    float[] scratch() {
        return scratch;
    }

    float[] parameters() {
        return parameters;
    }

    int batch() {
        return batch;
    }

    int length(int slot) {
        return batch * sizes[slot];
    }

    boolean training() {
        return training;
    }
}
