package dev.tacita.onnx;

/** How many numbers may still be held. */
final class Budget {
    private final int limit;
    private long left;

    Budget(int limit) {
        this.limit = limit;
        left = limit;
    }

    /** @throws IllegalArgumentException if fewer are left */
    void spend(long numbers) {
        if (numbers > left) {
            throw new IllegalArgumentException("the tensors of a file must have at most " + limit
                    + " numbers together. Provided value: " + (limit - left + numbers));
        }
        left -= numbers;
    }
}
