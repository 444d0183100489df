package dev.tacita.client;

import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How one set of examples is dealt to many simulated sites (McMahan et al. 2017, sec. 3): every example goes to exactly one
 * site, and sizes differ by at most one, or with shards by at most one shard.
 *
 * @param sites how many, at least 1
 * @param kind how
 * @param seed of the shuffle
 */
public record Partition(int sites, Kind kind, long seed) {
    /** The shards that each site gets. */
    private static final int SHARDS_PER_SITE = 2;

    /** How examples are dealt. */
    public enum Kind {
        /** Shuffled, then dealt. */
        IID,
        /** Sorted by class and cut into two shards a site, dealt at random: most sites see two classes. */
        SHARDS
    }

    public Partition {
        if (sites < 1) {
            throw new IllegalArgumentException("sites must be >= 1. Provided value: " + sites);
        }
    }

    /** The indexes of each site's examples, ascending. */
    List<int[]> deal(int[] classes) {
        return kind == Kind.IID ? dealShuffled(classes.length, "iid") : dealShards(classes);
    }

    /** The same for examples that everybody is measured on: always shuffled, so that all sites pooled are the whole. */
    List<int[]> dealTest(int size) {
        return dealShuffled(size, "test");
    }

    private List<int[]> dealShuffled(int size, String purpose) {
        int[] order = IntStream.range(0, size).toArray();
        Split.shuffle(order, random(purpose));
        return IntStream.range(0, sites)
                .mapToObj(
                        site -> sorted(Arrays.copyOfRange(order, from(size, site, sites), from(size, site + 1, sites))))
                .toList();
    }

    private List<int[]> dealShards(int[] classes) {
        int[] byClass = IntStream.range(0, classes.length)
                .boxed()
                .sorted(Comparator.comparingInt(index -> classes[index]))
                .mapToInt(Integer::intValue)
                .toArray();
        int count = sites * SHARDS_PER_SITE;
        int[] shards = IntStream.range(0, count).toArray();
        Split.shuffle(shards, random("shards"));
        return IntStream.range(0, sites)
                .mapToObj(site -> sorted(IntStream.range(0, SHARDS_PER_SITE)
                        .map(i -> shards[site * SHARDS_PER_SITE + i])
                        .flatMap(shard -> Arrays.stream(
                                byClass, from(byClass.length, shard, count), from(byClass.length, shard + 1, count)))
                        .toArray()))
                .toList();
    }

    private RandomGenerator random(String purpose) {
        return SeedStream.of(seed).derive("partition").derive(purpose).random();
    }

    private static int from(int size, int part, int parts) {
        return (int) ((long) size * part / parts);
    }

    private static int[] sorted(int[] values) {
        Arrays.sort(values);
        return values;
    }
}
