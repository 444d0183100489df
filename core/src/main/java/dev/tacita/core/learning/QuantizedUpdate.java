package dev.tacita.core.learning;

/**
 * An update as numbers of few bits, its weight among them: what secure aggregation masks. There is no way to send it
 * without masks.
 */
public final class QuantizedUpdate {
    private final int[] numbers;

    QuantizedUpdate(int[] numbers) {
        this.numbers = numbers;
    }

    /** One more than the model has parameters: the weight is the first. */
    public int size() {
        return numbers.length;
    }

    /** The weight at index 0, then weight x value in steps; shared, for the site's own code only. */
    public int[] numbersInTheClear() {
        return numbers;
    }
}
