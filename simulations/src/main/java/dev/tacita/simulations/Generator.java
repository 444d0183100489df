package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Makes up sites and their rows. Pure: the same settings give the same bits. */
public sealed interface Generator permits SyntheticGenerator, ClusteredGenerator, HealthRecordGenerator {
    /** How many sites. */
    int sites();

    /** The part of each site's rows that models are measured on. */
    double testFraction();

    /** Of every draw. */
    long seed();

    /** The rows of a site, from 0. */
    Examples rows(int site);

    /** Every site with its rows. */
    default Map<SiteId, LocalDataset> generate() {
        Map<SiteId, LocalDataset> all = new TreeMap<>();
        int digits = Integer.toString(sites()).length();
        for (int i = 0; i < sites(); i++) {
            SiteId site = new SiteId(String.format(Locale.ROOT, "site-%0" + digits + "d", i + 1));
            all.put(site, split(i, rows(i)));
        }
        return all;
    }

    private LocalDataset split(int site, Examples rows) {
        int[] order = Dealing.shuffled(rows.size(), at(site).derive("split").random());
        int tests = (int) Math.min(rows.size() - 1, Math.round(testFraction() * rows.size()));
        return new Generated(
                rows.select(Arrays.copyOfRange(order, tests, order.length)), rows.select(Arrays.copyOf(order, tests)));
    }

    /** Where a site's draws come from. */
    default SeedStream at(int site) {
        return SeedStream.of(seed()).derive("generator").derive(site);
    }

    /** So many rows, whose logarithm is normal. */
    static int size(double logMean, double logDeviation, int least, RandomGenerator random) {
        return least + (int) Math.min(1_000_000, Math.exp(logMean + logDeviation * random.nextGaussian()));
    }

    /** What every generator asks of its settings. */
    static void check(int sites, double testFraction) {
        if (sites < 1) {
            throw new IllegalArgumentException("sites must be >= 1. Provided value: " + sites);
        }
        if (!(testFraction >= 0 && testFraction < 1)) {
            throw new IllegalArgumentException("test must be >= 0 and < 1. Provided value: " + testFraction);
        }
    }

    /**
     * Rows in two parts.
     *
     * @param train at least one
     * @param test those that models are measured on
     */
    record Generated(Examples train, Examples test) implements LocalDataset {
        @Override
        public Examples validation() {
            return ArrayExamples.none(train.inputShape(), train.targetSize());
        }
    }

    /** Rows of a table. */
    static Examples table(int width, float[] inputs, float[] targets) {
        return new ArrayExamples(Shape.of(width), 1, inputs, targets);
    }
}
