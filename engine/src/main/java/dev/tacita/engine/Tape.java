package dev.tacita.engine;

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

    Tape(Wiring wiring, int capacity) {
        this.capacity = capacity;
        sizes = wiring.sizes();
        storage = wiring.storage();
        wanted = wiring.wanted();
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
