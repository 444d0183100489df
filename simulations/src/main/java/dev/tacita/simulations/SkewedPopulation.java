package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sites of another population that see their rows in ways of their own. */
final class SkewedPopulation implements Population {
    private final Population sites;
    private final List<Skew> skews;
    private final long seed;
    private final int classes;

    SkewedPopulation(Population sites, List<Skew> skews, long seed) {
        this.sites = sites;
        this.skews = List.copyOf(skews);
        this.seed = seed;
        this.classes = this.skews.stream().anyMatch(skew -> skew instanceof Skew.ConceptShift) ? classes(sites) : 0;
    }

    /** 0 if a target is no class. */
    private static int classes(Population sites) {
        int classes = 0;
        List<Examples> all = new ArrayList<>(sites.tests());
        for (int i = 0; i < sites.size(); i++) {
            all.add(sites.train(i));
        }
        for (Examples rows : all) {
            int count = Rows.of(rows, 0).classCount();
            if (count == 0 && rows.size() > 0) {
                return 0;
            }
            classes = Math.max(classes, count);
        }
        return classes;
    }

    private Examples skewed(int index, Examples rows) {
        Examples skewed = rows;
        for (int i = 0; i < skews.size(); i++) {
            SeedStream seeds = SeedStream.of(seed).derive("skew").derive(i);
            skewed = skews.get(i).at(index, sites.size(), classes, skewed, seeds);
        }
        return skewed;
    }

    @Override
    public Examples train(int index) {
        return skewed(index, sites.train(index));
    }

    @Override
    public List<Examples> tests() {
        List<Examples> tests = sites.tests();
        if (!sites.testsAreOfSites()) {
            return tests;
        }
        List<Examples> skewed = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            skewed.add(skewed(i, tests.get(i)));
        }
        return skewed;
    }

    @Override
    public List<Skew> skews() {
        return skews;
    }

    @Override
    public List<String> traits() {
        return skews.stream().map(skew -> "skew " + skew.name()).toList();
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
    public Optional<String> region(int index) {
        return sites.region(index);
    }

    @Override
    public int rows(int index) {
        return sites.rows(index);
    }

    @Override
    public boolean testsAreOfSites() {
        return sites.testsAreOfSites();
    }

    @Override
    public long fingerprint() {
        return 31 * sites.fingerprint() + (skews + " " + seed).hashCode();
    }
}
