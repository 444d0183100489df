package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Some sites of another population, in its order. */
final class PopulationPart implements Population {
    private final Population sites;
    private final int[] places;

    /** @param places of these sites among all, ascending, at least one */
    PopulationPart(Population sites, int[] places) {
        this.sites = sites;
        this.places = places.clone();
    }

    /** All of them. */
    static PopulationPart all(Population sites) {
        return new PopulationPart(sites, IntStream.range(0, sites.size()).toArray());
    }

    /** The place of a site among all. */
    int inAll(int index) {
        return places[index];
    }

    @Override
    public int size() {
        return places.length;
    }

    @Override
    public Optional<String> region(int index) {
        return sites.region(inAll(index));
    }

    @Override
    public SiteId site(int index) {
        return sites.site(inAll(index));
    }

    @Override
    public int rows(int index) {
        return sites.rows(inAll(index));
    }

    @Override
    public Examples train(int index) {
        return sites.train(inAll(index));
    }

    @Override
    public List<Examples> tests() {
        List<Examples> all = sites.tests();
        return sites.testsAreOfSites() ? IntStream.of(places).mapToObj(all::get).toList() : all;
    }

    @Override
    public boolean testsAreOfSites() {
        return sites.testsAreOfSites();
    }

    @Override
    public Optional<Attack> attack(int index) {
        return sites.attack(inAll(index));
    }

    @Override
    public List<Attack> attacks() {
        return IntStream.range(0, size())
                .mapToObj(this::attack)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    @Override
    public Optional<Fault> fault(int index) {
        return sites.fault(inAll(index));
    }

    @Override
    public Optional<VirtualClock> clock() {
        return sites.clock();
    }

    @Override
    public long fingerprint() {
        return 31 * sites.fingerprint() + Arrays.hashCode(places);
    }
}
