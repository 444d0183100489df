package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Who of a population is hostile or fails, and how fast its sites are. A site has one attack and one fault at most.
 *
 * @param attacks each by some sites
 * @param faults each of some sites
 * @param clock by which rounds take time, if they do
 */
public record Traits(List<Of<Attack>> attacks, List<Of<Fault>> faults, Optional<VirtualClock> clock) {
    /** All sites honest and well, and no clock. */
    public static final Traits NONE = new Traits(List.of(), List.of(), Optional.empty());

    /**
     * A trait of some sites.
     *
     * @param who has it
     * @param what it is
     * @param <T> attack or fault
     */
    public record Of<T>(SiteChoice who, T what) {
        public Of {
            requireNonNull(who, "who is null");
            requireNonNull(what, "what is null");
        }
    }

    public Traits {
        attacks = List.copyOf(attacks);
        faults = List.copyOf(faults);
        requireNonNull(clock, "clock is null");
        if (clock.isEmpty() && faults.stream().anyMatch(fault -> fault.what() instanceof Fault.Straggling)) {
            throw new IllegalArgumentException(
                    "straggling needs a clock on which sites are slow. Provided value: no clock");
        }
    }

    /**
     * The sites of each, by index: first those that are named, then those that are drawn, from who is left.
     *
     * @throws IllegalArgumentException if sites that are chosen are not there, or twice
     */
    static <T> SortedMap<Integer, T> assign(List<Of<T>> traits, Population population, SeedStream seeds) {
        SortedMap<Integer, T> assigned = new TreeMap<>();
        List<Integer> namedFirst =
                new ArrayList<>(IntStream.range(0, traits.size()).boxed().toList());
        namedFirst.sort(Comparator.comparing(i -> !(traits.get(i).who() instanceof SiteChoice.Named)));
        for (int i : namedFirst) {
            List<Integer> free = IntStream.range(0, population.size())
                    .filter(site -> !assigned.containsKey(site))
                    .boxed()
                    .toList();
            Of<T> each = traits.get(i);
            for (int site : each.who().from(population, free, seeds.derive(i).random())) {
                assigned.put(site, each.what());
            }
        }
        return assigned;
    }
}
