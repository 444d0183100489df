package dev.tacita.engine;

/** The functions of recurrent gates over parts of arrays. */
final class Gates {
    private Gates() {}

    static void sigmoid(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] = (float) (1 / (1 + Math.exp(-values[i])));
        }
    }

    /** For arrays that are different, or one array at one place. */
    static void tanh(float[] from, int fromAt, float[] to, int toAt, int length) {
        for (int i = 0; i < length; i++) {
            to[toAt + i] = (float) (1 - 2 / (1 + Math.exp(2.0 * from[fromAt + i])));
        }
    }
}
