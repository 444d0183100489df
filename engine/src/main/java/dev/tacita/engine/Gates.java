package dev.tacita.engine;

/** The functions of recurrent gates over parts of arrays; loops that run in vector registers. */
final class Gates {
    private Gates() {}

    /** 1 / (1 + e^-x), by the hyperbolic tangent: to about 1e-7, and beyond 17 exactly 0 or 1. */
    static void sigmoid(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] = 0.5f + 0.5f * VectorMath.tanh(0.5f * values[i]);
        }
    }

    static void tanh(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] = VectorMath.tanh(values[i]);
        }
    }

    /** For two arrays. */
    static void tanh(float[] from, int fromAt, float[] to, int toAt, int length) {
        for (int i = 0; i < length; i++) {
            to[toAt + i] = VectorMath.tanh(from[fromAt + i]);
        }
    }
}
