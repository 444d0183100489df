package dev.tacita.core.trees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BinEdgesTest {
    private static double[] counts(float[] edges, float[] values) {
        double[] counts = new double[edges.length + 1];
        for (float value : values) {
            counts[BinEdges.cell(edges, value)]++;
        }
        return counts;
    }

    private static float[] edges(float[] values, int bins, int rounds) {
        float[] edges = BinEdges.FIRST;
        for (int round = 1; round < rounds; round++) {
            edges = BinEdges.refined(edges, counts(edges, values), BinEdges.parts(bins), 1);
            assertThat(edges.length).isLessThanOrEqualTo(BinEdges.MOST_PER_PART * BinEdges.parts(bins));
        }
        return BinEdges.chosen(edges, counts(edges, values), bins);
    }

    private static float[] values(SplittableRandom random, int size) {
        float[] values = new float[size];
        int kind = random.nextInt(5);
        double middle = random.nextGaussian() * Math.pow(10, random.nextInt(-3, 6));
        for (int i = 0; i < size; i++) {
            double normal = random.nextGaussian();
            values[i] = (float)
                    switch (kind) {
                        case 0 -> normal;
                        case 1 -> random.nextInt(12);
                        case 2 -> Math.exp(3 * normal);
                        case 3 -> middle * (1 + .001 * normal);
                        default -> random.nextInt(4) == 0 ? normal : 0;
                    };
        }
        return values;
    }

    @Test
    void aValueLiesInTheCellThatItsQuestionsSay() {
        float[] edges = {-1, 0, .5f, 2};
        float[] values = {Float.NEGATIVE_INFINITY, -1.5f, -1, -.5f, -0f, 0, .4f, .5f, 1, 2, 3, Float.POSITIVE_INFINITY};
        for (float value : values) {
            int cell = BinEdges.cell(edges, value);
            for (int i = 0; i < edges.length; i++) {
                assertThat(value < edges[i]).as(value + " below " + edges[i]).isEqualTo(cell <= i);
            }
        }
    }

    @Test
    void binsAreAscendingNotTooManyAndAboutAsFullAsEachOther() {
        for (long seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] values = values(random, 1 + random.nextInt(2000));
            int bins = 2 + random.nextInt(40);
            float[] edges = edges(values, bins, 3);
            assertThat(edges.length).as("seed " + seed).isLessThan(bins);
            for (int i = 1; i < edges.length; i++) {
                assertThat(edges[i]).as("seed " + seed).isGreaterThan(edges[i - 1]);
            }
            double[] counts = counts(edges, values);
            assertThat(Arrays.stream(counts).min().orElseThrow())
                    .as("no bin is empty, seed " + seed)
                    .isPositive();
            for (int bin = 0; bin < counts.length; bin++) {
                float least = Float.POSITIVE_INFINITY;
                float most = Float.NEGATIVE_INFINITY;
                for (float value : values) {
                    if (BinEdges.cell(edges, value) == bin) {
                        least = Math.min(least, value);
                        most = Math.max(most, value);
                    }
                }
                // A bin of values that differ by more than a thousandth is no fuller than two shares and a bit.
                if (most - least > .001 * Math.max(Math.abs(most), Math.abs(least)) && values.length > 40 * bins) {
                    assertThat(counts[bin])
                            .as("bin " + bin + " of " + bins + " from " + least + " to " + most + ", seed " + seed)
                            .isLessThan(2.5 * values.length / bins + 1);
                }
            }
        }
    }

    @Test
    void fewDistinctValuesHaveABinEachWithEdgesBetweenThem() {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(10);
        }
        float[] edges = edges(values, 16, 3);
        assertThat(edges).hasSize(9);
        for (int i = 0; i < edges.length; i++) {
            assertThat(edges[i]).isBetween(i + .1f, i + 1f);
        }
        assertThat(edges(new float[] {4, 4, 4}, 16, 3)).isEmpty();
        assertThat(edges(new float[] {}, 16, 3)).isEmpty();
    }

    @Test
    void aLoneRowIsNotLookedAtMoreClosely() {
        float[] values = new float[1001];
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 1000; i++) {
            values[i] = 50 + 10 * random.nextFloat();
        }
        values[1000] = 603;
        float[] edges = BinEdges.FIRST;
        for (int round = 0; round < 6; round++) {
            edges = BinEdges.refined(edges, counts(edges, values), BinEdges.parts(16), 1);
            int cell = BinEdges.cell(edges, 603);
            assertThat(cell == edges.length ? Float.POSITIVE_INFINITY : edges[cell])
                    .isGreaterThanOrEqualTo(1024);
            assertThat(edges[cell - 1]).isLessThanOrEqualTo(512);
        }
    }
}
