package dev.tacita.safetensors;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The types of elements that are read; all become float32. */
enum ElementType {
    F64(8) {
        @Override
        float next(ByteBuffer bytes) {
            return (float) bytes.getDouble();
        }
    },
    F32(4) {
        @Override
        float next(ByteBuffer bytes) {
            return bytes.getFloat();
        }
    },
    F16(2) {
        @Override
        float next(ByteBuffer bytes) {
            int bits = bytes.getShort();
            int exponent = bits >> 10 & 0x1f;
            int fraction = bits & 0x3ff;
            if (exponent == 0) {
                float magnitude = fraction * 0x1p-24f;
                return bits < 0 ? -magnitude : magnitude;
            }
            int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
            return Float.intBitsToFloat((bits & 0x8000) << 16 | wide << 23 | fraction << 13);
        }
    },
    BF16(2) {
        @Override
        float next(ByteBuffer bytes) {
            return Float.intBitsToFloat(bytes.getShort() << 16);
        }
    };

    private final int width;

    ElementType(int width) {
        this.width = width;
    }

    /** The next element as a float32. */
    abstract float next(ByteBuffer bytes);

    /** Bytes of one element. */
    int width() {
        return width;
    }

    static Optional<ElementType> of(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
