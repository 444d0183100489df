package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void everyExampleIsInExactlyOnePartWhateverTheSizes() {
        for (long seed = 1; seed <= 300; seed++) {
            var random = new SplittableRandom(seed);
            int classCount = 1 + random.nextInt(5);
            int[] classes = random.ints(random.nextInt(200), 0, classCount).toArray();
            double train = 0.01 + 0.99 * random.nextDouble();
            double validation = (1 - train) * random.nextDouble();
            var split = new Split(train, validation, 1 - train - validation, seed, random.nextBoolean());
            var parts = split.apply(classes, classCount);
            int[] all = concat(parts.train(), parts.validation(), parts.test());
            Arrays.sort(all);
            assertThat(all)
                    .as("seed %s", seed)
                    .isEqualTo(IntStream.range(0, classes.length).toArray());
        }
    }

    @Test
    void aStratifiedSplitKeepsTheClassesInProportion() {
        int[] classes = IntStream.range(0, 100).map(i -> i < 30 ? 1 : 0).toArray();
        var parts = new Split(0.6, 0.2, 0.2, 7, true).apply(classes, 2);
        assertThat(IntStream.of(parts.train()).map(i -> classes[i]).sum()).isEqualTo(18);
        assertThat(IntStream.of(parts.validation()).map(i -> classes[i]).sum()).isEqualTo(6);
        assertThat(IntStream.of(parts.test()).map(i -> classes[i]).sum()).isEqualTo(6);
    }

    @Test
    void theSeedAloneDecidesTheSplit() {
        int[] classes = new int[50];
        var split = new Split(0.5, 0.2, 0.3, 11, false);
        assertThat(split.apply(classes, 1).train())
                .isEqualTo(split.apply(classes, 1).train());
        assertThat(split.apply(classes, 1).train())
                .isNotEqualTo(
                        new Split(0.5, 0.2, 0.3, 12, false).apply(classes, 1).train());
    }

    @Test
    void fractionsThatDoNotAddUpToOneAreRefused() {
        assertThatThrownBy(() -> new Split(0.6, 0.2, 0.1, 1, true))
                .hasMessage(
                        "train must be > 0, validation and test >= 0, and their sum 1. Provided values: 0.6, 0.2, 0.1");
    }

    @Test
    void anIidPartitionDealsEveryExampleOnceInEqualShares() {
        var parts = new Partition(7, Partition.Kind.IID, 3).deal(new int[100]);
        assertThat(parts).allSatisfy(part -> assertThat(part.length).isBetween(14, 15));
        assertThat(parts.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, 100).toArray());
    }

    @Test
    void aPartitionIntoShardsShowsMostSitesTwoClasses() {
        int[] classes = new SplittableRandom(5).ints(6000, 0, 10).toArray();
        var parts = new Partition(100, Partition.Kind.SHARDS, 3).deal(classes);
        assertThat(parts.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, 6000).toArray());
        double seen = parts.stream()
                .mapToLong(part ->
                        Arrays.stream(part).map(i -> classes[i]).distinct().count())
                .average()
                .orElseThrow();
        assertThat(seen).isCloseTo(2.0, within(0.3));
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
