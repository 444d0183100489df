package dev.tacita.onnx;

/** Sixteen-bit floating-point numbers as float32, which holds every one of them exactly. */
final class HalfPrecision {
    private HalfPrecision() {}

    /** IEEE 754 binary16. */
    static float float16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /** The upper half of a float32. */
    static float bfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
