package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Rows to be dealt to sites, in an order that depends on a seed and on the rows' content only, and looks random: the same
 * rows in a file of another order are in this same order. Rows of equal content cannot be told apart, so that which of them
 * comes first does not matter.
 */
public final class Rows {
    private final Examples examples;
    private final int[] order;
    private final int[] classes;
    private final int classCount;
    private final long fingerprint;

    private Rows(Examples examples, int[] order, int[] classes, int classCount, long fingerprint) {
        this.examples = examples;
        this.order = order;
        this.classes = classes;
        this.classCount = classCount;
        this.fingerprint = fingerprint;
    }

    /** These examples in the order of this seed. */
    public static Rows of(Examples examples, long seed) {
        long start = SeedStream.of(seed).derive("rows").random().nextLong();
        int size = examples.size();
        float[] input = new float[examples.inputShape().size()];
        float[] target = new float[examples.targetSize()];
        long[] keys = new long[size];
        int[] classOf = new int[size];
        int classCount = 0;
        long fingerprint = size;
        for (int i = 0; i < size; i++) {
            examples.copyInput(i, input, 0);
            examples.copyTarget(i, target, 0);
            keys[i] = hash(hash(start, input), target);
            fingerprint += hash(hash(1, input), target);
            classOf[i] = classOf(target);
            classCount = classOf[i] < 0 || classCount < 0 ? -1 : Math.max(classCount, classOf[i] + 1);
        }
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingLong(i -> keys[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] classes = Arrays.stream(order).map(i -> classOf[i]).toArray();
        return new Rows(examples, order, classes, Math.max(classCount, 0), fingerprint);
    }

    private static int classOf(float[] target) {
        return target.length == 1 && target[0] >= 0 && target[0] < 10_000 && target[0] == (int) target[0]
                ? (int) target[0]
                : -1;
    }

    private static long hash(long start, float[] values) {
        long hash = start;
        for (float value : values) {
            hash = (hash ^ Float.floatToIntBits(value)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        hash *= 0xBF58476D1CE4E5B9L;
        return hash ^ (hash >>> 32);
    }

    /** How many. */
    public int size() {
        return order.length;
    }

    /** How many classes there are: the largest target and one; 0 if the targets are not all class indexes. */
    public int classCount() {
        return classCount;
    }

    /** The class of the row at a place of the order. */
    public int classAt(int place) {
        return classes[place];
    }

    /** The places of the rows of one class, ascending. */
    public int[] placesOf(int wanted) {
        return IntStream.range(0, classes.length)
                .filter(place -> classes[place] == wanted)
                .toArray();
    }

    /** A number that tells these rows from others, whatever their order. */
    public long fingerprint() {
        return fingerprint;
    }

    /** The rows at these ascending places as if there were no others, in the same order and with as many classes. */
    Rows part(int[] places) {
        return new Rows(
                examples,
                Arrays.stream(places).map(place -> order[place]).toArray(),
                Arrays.stream(places).map(place -> classes[place]).toArray(),
                classCount,
                31 * fingerprint + Arrays.hashCode(places));
    }

    /** The rows at these places, as examples; nothing is copied. */
    public Examples at(int[] places) {
        return examples.select(Arrays.stream(places).map(place -> order[place]).toArray());
    }
}
