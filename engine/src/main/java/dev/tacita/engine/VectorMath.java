package dev.tacita.engine;

/**
 * Functions of floats made of sums, products, quotients and bounds only, so that the JVM runs loops over them in vector
 * registers; exact to a few units in the last place of a float. Coefficients are least-squares fits of the relative
 * error, made for this class.
 */
final class VectorMath {
    /** Too little to be seen below 4; at 9 it is enough for tanh to reach its bound. */
    private static final float TOWARDS_BOUND = 3e-9f;

    private VectorMath() {}

    /** The error function; beyond 4 it is 1 in floats. */
    static float erf(float value) {
        float x = Math.max(-4f, Math.min(4f, value));
        float u = x * x;
        float above = 2.008845e-6f;
        above = above * u + 2.8268778e-4f;
        above = above * u + 0.0037824924f;
        above = above * u + 0.05278357f;
        above = above * u + 0.19113836f;
        above = above * u + 1.1283791f;
        float below = 3.7553986e-5f;
        below = below * u + 0.0011620298f;
        below = below * u + 0.015001952f;
        below = below * u + 0.11435596f;
        below = below * u + 0.50272477f;
        below = below * u + 1f;
        return x * above / below;
    }

    /** The hyperbolic tangent; beyond 8.5 it is exactly 1 or -1. */
    static float tanh(float value) {
        float x = Math.max(-9f, Math.min(9f, value));
        float u = x * x;
        float above = -1.2381908e-11f;
        above = above * u + 3.0838123e-8f;
        above = above * u + 2.8116521e-5f;
        above = above * u + 0.0038738318f;
        above = above * u + 0.13684331f;
        above = above * u + 1f;
        float below = 1.2948686e-6f;
        below = below * u + 3.9482675e-4f;
        below = below * u + 0.02726606f;
        below = below * u + 0.47017664f;
        below = below * u + 1f;
        float y = x * above / below;
        return Math.max(-1f, Math.min(1f, y + y * (u * TOWARDS_BOUND)));
    }

    /** e^(-x^2 / 2); below e^-20 it is e^-20. */
    static float gaussian(float x) {
        return decay(x * x * 0.5f);
    }

    /** e^-x for x of at least 0, as the eighth power of a polynomial of x / 8; below e^-20 it is e^-20. */
    static float decay(float x) {
        float u = Math.min(2.5f, x * 0.125f);
        float root = -8.1802864e-7f;
        root = root * u + 1.6623007e-5f;
        root = root * u - 1.7702299e-4f;
        root = root * u + 0.0013533933f;
        root = root * u - 0.008295946f;
        root = root * u + 0.041642334f;
        root = root * u - 0.16665748f;
        root = root * u + 0.49999824f;
        root = root * u - 0.9999999f;
        root = root * u + 1f;
        float square = root * root;
        float fourth = square * square;
        return fourth * fourth;
    }
}
