package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Neighbouring sites of another population, in its order.
 *
 * @param sites of which these are a part
 * @param from index of the first
 * @param size how many, at least 1
 */
record PopulationPart(Population sites, int from, int size) implements Population {
    @Override
    public SiteId site(int index) {
        return sites.site(from + index);
    }

    @Override
    public int rows(int index) {
        return sites.rows(from + index);
    }

    @Override
    public Examples train(int index) {
        return sites.train(from + index);
    }

    @Override
    public List<Examples> tests() {
        return sites.testsAreOfSites() ? sites.tests().subList(from, from + size) : sites.tests();
    }

    @Override
    public boolean testsAreOfSites() {
        return sites.testsAreOfSites();
    }

    @Override
    public Optional<Attack> attack(int index) {
        return sites.attack(from + index);
    }

    @Override
    public List<Attack> attacks() {
        return IntStream.range(0, size)
                .mapToObj(this::attack)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    @Override
    public Optional<Fault> fault(int index) {
        return sites.fault(from + index);
    }

    @Override
    public Optional<VirtualClock> clock() {
        return sites.clock();
    }

    @Override
    public long fingerprint() {
        return (31 * sites.fingerprint() + from) * 31 + size;
    }
}
