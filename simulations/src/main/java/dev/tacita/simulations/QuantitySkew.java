package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Random rows, but unlike numbers of them. Site i of n, counted from 1, has rows in proportion to i^-strength
 * ({@code POWER}), to e^(strength z) with z normal ({@code LOG_NORMAL}), to 1 + strength (i - 1) ({@code LINEAR}) or to
 * e^(-strength (i - 1)) ({@code EXPONENTIAL}).
 *
 * @param law how sizes differ
 * @param strength at least 0, finite; 0 makes them alike
 * @param smallest rows of a site, at least 1
 */
public record QuantitySkew(Law law, double strength, int smallest) implements Partition {
    /** How sizes differ. */
    public enum Law {
        /** Few sites have most rows. */
        POWER,
        /** As sizes of hospitals and cities are. */
        LOG_NORMAL,
        /** A straight line. */
        LINEAR,
        /** Each site a fixed part of the one before. */
        EXPONENTIAL
    }

    public QuantitySkew {
        requireNonNull(law, "law is null");
        if (!(strength >= 0 && strength < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("strength must be >= 0 and finite. Provided value: " + strength);
        }
        if (smallest < 1) {
            throw new IllegalArgumentException("smallest must be >= 1. Provided value: " + smallest);
        }
    }

    @Override
    public String name() {
        return "quantity";
    }

    @Override
    public List<String> problemsWith(Rows rows, int sites) {
        return Dealing.tooFewRows(
                rows, (long) sites * smallest, "quantity over " + sites + " sites of at least " + smallest);
    }

    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        RandomGenerator random = seeds.derive("quantity").random();
        double[] shares = IntStream.range(0, sites)
                .mapToDouble(site -> Math.max(Double.MIN_NORMAL, share(site, random)))
                .toArray();
        int[] sizes = Dealing.apportion(rows.size(), shares, smallest);
        int[][] dealt = new int[sites][];
        int from = 0;
        for (int site = 0; site < sites; site++) {
            dealt[site] = IntStream.range(from, from + sizes[site]).toArray();
            from += sizes[site];
        }
        return dealt;
    }

    private double share(int site, RandomGenerator random) {
        return switch (law) {
            case POWER -> Math.pow(site + 1, -strength);
            case LOG_NORMAL -> Math.exp(strength * random.nextGaussian());
            case LINEAR -> 1 + strength * site;
            case EXPONENTIAL -> Math.exp(-strength * site);
        };
    }
}
