package dev.tacita.client;

import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How examples are split into training, validation and test; the same seed and the same rows give the same split. With
 * n examples, {@code floor(n * train)} train, {@code floor(n * validation)} validate and the others test.
 *
 * @param train fraction, above 0
 * @param validation fraction, at least 0
 * @param test fraction, at least 0; the three add up to 1
 * @param seed of the shuffle
 * @param stratify whether each part has the classes in the proportions of the whole, as nearly as whole rows allow
 */
public record Split(double train, double validation, double test, long seed, boolean stratify) {
    private static final double TOLERANCE = 1e-9;

    public Split {
        if (!(train > 0 && validation >= 0 && test >= 0) || Math.abs(train + validation + test - 1) > TOLERANCE) {
            throw new IllegalArgumentException("train must be > 0, validation and test >= 0, and their sum 1."
                    + " Provided values: " + train + ", " + validation + ", " + test);
        }
    }

    /** The indexes of the examples in each part, ascending. */
    record Parts(int[] train, int[] validation, int[] test) {}

    /** Splits what a file holds for training alone into training and validation, stratified; no test part. */
    static Parts ofTraining(double validation, long seed, int[] classes, int classCount) {
        Parts parts = new Split(1 - validation, validation, 0, seed, true).apply(classes, classCount);
        // A fraction of a row is a training row: with a test fraction of 0 the split would leave it in the test part.
        int[] training = IntStream.concat(IntStream.of(parts.train()), IntStream.of(parts.test()))
                .sorted()
                .toArray();
        return new Parts(training, parts.validation(), new int[0]);
    }

    /** Splits examples by their class indexes. */
    Parts apply(int[] classes, int classCount) {
        int size = classes.length;
        int trainSize = (int) Math.floor(size * train + TOLERANCE);
        int validationSize = (int) Math.floor(size * validation + TOLERANCE);
        RandomGenerator random = SeedStream.of(seed).derive("split").random();
        int[][] groups = groups(classes, stratify ? classCount : 1);
        int[] counts = Arrays.stream(groups).mapToInt(group -> group.length).toArray();
        int[] trains = apportion(trainSize, counts);
        for (int i = 0; i < counts.length; i++) {
            counts[i] -= trains[i];
        }
        int[] validations = apportion(validationSize, counts);
        var parts = new Parts(new int[trainSize], new int[validationSize], new int[size - trainSize - validationSize]);
        int[] filled = new int[3];
        for (int g = 0; g < groups.length; g++) {
            shuffle(groups[g], random);
            for (int i = 0; i < groups[g].length; i++) {
                int part = i < trains[g] ? 0 : i < trains[g] + validations[g] ? 1 : 2;
                int[] target = part == 0 ? parts.train : part == 1 ? parts.validation : parts.test;
                target[filled[part]++] = groups[g][i];
            }
        }
        Arrays.sort(parts.train);
        Arrays.sort(parts.validation);
        Arrays.sort(parts.test);
        return parts;
    }

    private int[][] groups(int[] classes, int groupCount) {
        int[][] groups = new int[groupCount][classes.length];
        int[] sizes = new int[groupCount];
        for (int i = 0; i < classes.length; i++) {
            int group = stratify ? classes[i] : 0;
            groups[group][sizes[group]++] = i;
        }
        for (int g = 0; g < groupCount; g++) {
            groups[g] = Arrays.copyOf(groups[g], sizes[g]);
        }
        return groups;
    }

    /** Deals {@code total} over groups in proportion to their sizes, by largest remainders. */
    static int[] apportion(int total, int[] sizes) {
        long all = Arrays.stream(sizes).asLongStream().sum();
        int[] shares = new int[sizes.length];
        long[] remainders = new long[sizes.length];
        int left = total;
        for (int i = 0; i < sizes.length && all > 0; i++) {
            long exact = (long) total * sizes[i];
            shares[i] = (int) (exact / all);
            remainders[i] = exact % all;
            left -= shares[i];
        }
        for (; left > 0; left--) {
            int largest = 0;
            for (int i = 1; i < sizes.length; i++) {
                if (remainders[i] > remainders[largest]) {
                    largest = i;
                }
            }
            shares[largest]++;
            remainders[largest] = -1;
        }
        return shares;
    }

    static void shuffle(int[] values, RandomGenerator random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }
}
