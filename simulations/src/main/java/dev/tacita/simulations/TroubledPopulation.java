package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Sites of another population, some of which have attacks or faults. */
final class TroubledPopulation implements Population {
    private final Population sites;
    private final SortedMap<Integer, Attack> attacks;
    private final SortedMap<Integer, Fault> faults;
    private final Optional<VirtualClock> clock;

    TroubledPopulation(Population sites, Traits traits, long seed) {
        this.sites = sites;
        SeedStream seeds = SeedStream.of(seed);
        this.attacks = Traits.assign(traits.attacks(), sites, seeds.derive("attacks"));
        this.faults = Traits.assign(traits.faults(), sites, seeds.derive("faults"));
        this.clock = traits.clock();
    }

    @Override
    public Optional<Attack> attack(int index) {
        return Optional.ofNullable(attacks.get(index));
    }

    @Override
    public List<Attack> attacks() {
        return attacks.values().stream().distinct().toList();
    }

    @Override
    public Optional<Fault> fault(int index) {
        return Optional.ofNullable(faults.get(index));
    }

    @Override
    public Optional<VirtualClock> clock() {
        return clock;
    }

    @Override
    public List<String> traits() {
        List<String> traits = new ArrayList<>(sites.traits());
        for (Attack attack : attacks()) {
            traits.add("attack " + attack.name() + " by " + names(attacks, attack));
        }
        for (Fault fault : faults.values().stream().distinct().toList()) {
            traits.add("fault " + fault.name() + " of " + names(faults, fault));
        }
        clock.ifPresent(it -> traits.add("virtual clock"
                + (it.deadline().isPresent()
                        ? ", rounds of at most " + it.deadline().getAsDouble() + " s"
                        : ", rounds wait for all")));
        return traits;
    }

    private <T> String names(SortedMap<Integer, T> traits, T wanted) {
        List<String> names = traits.entrySet().stream()
                .filter(entry -> entry.getValue().equals(wanted))
                .map(entry -> sites.site(entry.getKey()).value())
                .toList();
        return names.size()
                + (names.size() == 1 ? " site" : " sites")
                + (names.size() <= 10 ? " (" + String.join(", ", names) + ")" : "");
    }

    @Override
    public List<Skew> skews() {
        return sites.skews();
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
    public Examples train(int index) {
        return sites.train(index);
    }

    @Override
    public List<Examples> tests() {
        return sites.tests();
    }

    @Override
    public boolean testsAreOfSites() {
        return sites.testsAreOfSites();
    }

    @Override
    public long fingerprint() {
        return 31 * sites.fingerprint() + (attacks.toString() + faults + clock).hashCode();
    }
}
