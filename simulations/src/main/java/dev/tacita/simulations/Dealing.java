package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What partitions share. */
final class Dealing {
    private Dealing() {}

    static List<String> tooFewRows(Rows rows, long needed, String whatFor) {
        return rows.size() >= needed
                ? List.of()
                : List.of(whatFor + " needs at least " + needed + " rows. Provided value: " + rows.size() + ".");
    }

    static List<String> noClasses(Rows rows, String name) {
        return rows.classCount() > 0
                ? List.of()
                : List.of(name + " needs targets that are class indexes; these are not.");
    }

    static void require(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.get(0));
        }
    }

    /** Part {@code part} of {@code parts} of an array, all as long as each other, give or take one. */
    static int[] slice(int[] values, int part, int parts) {
        return Arrays.copyOfRange(values, from(values.length, part, parts), from(values.length, part + 1, parts));
    }

    private static int from(int size, int part, int parts) {
        return (int) ((long) size * part / parts);
    }

    static int[] shuffled(int size, RandomGenerator random) {
        int[] values = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = values[j];
            values[j] = values[i];
            values[i] = other;
        }
        return values;
    }

    /**
     * {@code total} in whole parts in proportion to the shares, by largest remainders; parts below {@code least} are filled
     * up to it from the largest.
     *
     * @param shares above 0
     */
    static int[] apportion(int total, double[] shares, int least) {
        double sum = Arrays.stream(shares).sum();
        int[] parts = new int[shares.length];
        double[] remainders = new double[shares.length];
        int left = total;
        for (int i = 0; i < shares.length; i++) {
            double exact = total * (shares[i] / sum);
            parts[i] = (int) Math.min(left, Math.floor(exact + 1e-9));
            remainders[i] = exact - parts[i];
            left -= parts[i];
        }
        List<Integer> byRemainder =
                new ArrayList<>(IntStream.range(0, shares.length).boxed().toList());
        byRemainder.sort(Comparator.comparingDouble(i -> -remainders[i]));
        for (int i = 0; left > 0; i = (i + 1) % parts.length, left--) {
            parts[byRemainder.get(i)]++;
        }
        for (int i = 0; i < parts.length; i++) {
            while (parts[i] < least) {
                parts[largest(parts)]--;
                parts[i]++;
            }
        }
        return parts;
    }

    private static int largest(int[] parts) {
        int largest = 0;
        for (int i = 1; i < parts.length; i++) {
            if (parts[i] > parts[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    /** Growing lists of places, one for each site. */
    static int[][] sorted(List<List<Integer>> sites) {
        return sites.stream()
                .map(places ->
                        places.stream().mapToInt(Integer::intValue).sorted().toArray())
                .toArray(int[][]::new);
    }

    static List<List<Integer>> empty(int sites) {
        List<List<Integer>> lists = new ArrayList<>();
        for (int i = 0; i < sites; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }
}
