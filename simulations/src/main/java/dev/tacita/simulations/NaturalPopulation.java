package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sites with data of their own. */
final class NaturalPopulation implements Population {
    private final List<SiteId> sites;
    private final List<LocalDataset> datasets;
    private final Map<SiteId, String> regions;
    private final long fingerprint;

    NaturalPopulation(SortedMap<SiteId, LocalDataset> datasets, Map<SiteId, String> regions) {
        this.regions = Map.copyOf(regions);
        this.sites = List.copyOf(datasets.keySet());
        this.datasets = List.copyOf(datasets.values());
        long all = sites.hashCode();
        for (LocalDataset each : this.datasets) {
            all = 31 * all + Rows.of(each.train(), 0).fingerprint();
            all = 31 * all + Rows.of(each.test(), 0).fingerprint();
        }
        fingerprint = 31 * all + new TreeMap<>(regions).hashCode();
    }

    @Override
    public int size() {
        return sites.size();
    }

    @Override
    public SiteId site(int index) {
        return sites.get(index);
    }

    @Override
    public Optional<String> region(int index) {
        return Optional.ofNullable(regions.get(site(index)));
    }

    @Override
    public int rows(int index) {
        return train(index).size();
    }

    @Override
    public Examples train(int index) {
        return datasets.get(index).train();
    }

    @Override
    public List<Examples> tests() {
        return datasets.stream().map(LocalDataset::test).toList();
    }

    @Override
    public boolean testsAreOfSites() {
        return true;
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }
}
