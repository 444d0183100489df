package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A population whose sites keep a part of their rows to be measured on, drawn by a seed. */
final class HoldOut implements Population {
    private final Population sites;
    private final double share;
    private final List<int[]> kept = new ArrayList<>();
    private final List<int[]> held = new ArrayList<>();

    /** @param share above 0, below 1; of a site's rows at least one is left to train on */
    HoldOut(Population sites, double share, long seed) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("hold-out must be > 0 and < 1. Provided value: " + share);
        }
        this.sites = sites;
        this.share = share;
        for (int i = 0; i < sites.size(); i++) {
            int rows = sites.rows(i);
            int[] order = Dealing.shuffled(
                    rows, SeedStream.of(seed).derive("hold-out").derive(i).random());
            int count = (int) Math.min(rows - 1L, Math.round(share * rows));
            held.add(sorted(order, 0, count));
            kept.add(sorted(order, count, rows));
        }
    }

    private static int[] sorted(int[] order, int from, int to) {
        int[] part = Arrays.copyOfRange(order, from, to);
        Arrays.sort(part);
        return part;
    }

    @Override
    public int size() {
        return sites.size();
    }

    @Override
    public SiteId site(int index) {
        return sites.site(index);
    }

    @Override
    public int rows(int index) {
        return kept.get(index).length;
    }

    @Override
    public Examples train(int index) {
        return sites.train(index).select(kept.get(index));
    }

    @Override
    public List<Examples> tests() {
        List<Examples> tests = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            tests.add(sites.train(i).select(held.get(i)));
        }
        return tests;
    }

    @Override
    public boolean testsAreOfSites() {
        return true;
    }

    @Override
    public long fingerprint() {
        return 31 * sites.fingerprint() + Double.hashCode(share);
    }
}
