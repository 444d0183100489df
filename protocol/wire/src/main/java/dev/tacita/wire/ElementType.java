package dev.tacita.wire;

/** The type of a tensor's elements on the wire, little-endian. */
public enum ElementType {
    /** IEEE 754 binary32. */
    FLOAT32(4),
    /** Words modulo 2^32. */
    INT32(4),
    /** Words modulo 2^64. */
    INT64(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
