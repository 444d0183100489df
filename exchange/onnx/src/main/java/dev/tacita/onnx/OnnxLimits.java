package dev.tacita.onnx;

/**
 * What a reader takes from a file that may be hostile. Beside the file's own bytes, a reader holds at most 400 bytes for
 * each element and 12 for each number, whatever the file claims.
 *
 * @param bytes of the file, at least 1
 * @param elements nodes, attributes, tensors, names and other parts of the file, and the integers in packed lists, at
 *     least 1
 * @param numbers of all tensors together, as the file has them and again where nodes share, transpose or join them, at
 *     least 1
 */
public record OnnxLimits(int bytes, int elements, int numbers) {
    public OnnxLimits {
        atLeastOne("bytes", bytes);
        atLeastOne("elements", elements);
        atLeastOne("numbers", numbers);
    }

    /** 512 MiB, 200,000 elements and 200 million numbers. */
    public static OnnxLimits standard() {
        return new OnnxLimits(512 << 20, 200_000, 200_000_000);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1. Provided value: " + value);
        }
    }
}
