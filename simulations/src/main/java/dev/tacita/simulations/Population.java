package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sites of a simulation, in the order of their names, and what they train on. A site's examples are made when they are
 * asked for, from any thread; beside the rows themselves a site costs a number for each of its rows.
 */
public interface Population {
    /** How many sites, at least 1. */
    int size();

    /** The name of a site; names ascend. */
    SiteId site(int index);

    /** How many training examples a site has, at least 1. */
    int rows(int index);

    /** What a site trains on. */
    Examples train(int index);

    /** The region of a site, if the data says. */
    default Optional<String> region(int index) {
        return Optional.empty();
    }

    /** What models are measured on: the test rows of each site, by site; or one set that is nobody's, alone in the list. */
    List<Examples> tests();

    /** Whether {@link #tests} are those of the sites. */
    boolean testsAreOfSites();

    /** How sites see rows differently. */
    default List<Skew> skews() {
        return List.of();
    }

    /**
     * The same sites, each of which sees its rows in a way of its own.
     *
     * @param skews done one after the other
     * @param seed of the draws
     */
    default Population skewed(List<Skew> skews, long seed) {
        return skews.isEmpty() ? this : new SkewedPopulation(this, skews, seed);
    }

    /** What a site does if it is hostile. */
    default Optional<Attack> attack(int index) {
        return Optional.empty();
    }

    /** Every attack of a site, each once, in the order of the sites. */
    default List<Attack> attacks() {
        return List.of();
    }

    /** What is wrong with a site, if something is. */
    default Optional<Fault> fault(int index) {
        return Optional.empty();
    }

    /** By which rounds take time, if they do. */
    default Optional<VirtualClock> clock() {
        return Optional.empty();
    }

    /** What sets its sites apart beside their rows, each for people in some words. */
    default List<String> traits() {
        return List.of();
    }

    /**
     * The same sites, some of them hostile or failing.
     *
     * @param seed by which sites are chosen
     * @throws IllegalArgumentException if sites that the traits choose are not there
     */
    default Population with(Traits traits, long seed) {
        return traits.equals(Traits.NONE) ? this : new TroubledPopulation(this, traits, seed);
    }

    /** A number that tells these sites and rows from others. */
    long fingerprint();

    /**
     * Refuses a population in which a site has nothing to train on.
     *
     * @throws IllegalArgumentException naming the site
     */
    default void requireRows() {
        for (int i = 0; i < size(); i++) {
            if (rows(i) == 0) {
                throw new IllegalArgumentException(
                        "a site must have at least one row to train on. Provided: site '" + site(i) + "' with none");
            }
        }
    }

    /** Sites as they are: each with its own data. */
    static Population natural(Map<SiteId, ? extends LocalDataset> datasets) {
        return natural(datasets, Map.of());
    }

    /** The same in regions, by the names of the sites. */
    static Population natural(Map<SiteId, ? extends LocalDataset> datasets, Map<SiteId, String> regions) {
        SortedMap<SiteId, LocalDataset> sorted = new TreeMap<>(datasets);
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("a population must have at least one site. Provided: none");
        }
        Population population = new NaturalPopulation(sorted, regions);
        population.requireRows();
        return population;
    }

    /**
     * Sites to which rows are dealt.
     *
     * @param test what models are measured on
     * @param sites how many, at least 1
     * @param seed of the draws
     * @throws IllegalArgumentException if the rows cannot be dealt so
     */
    static Population dealt(Examples train, Examples test, Partition partition, int sites, long seed) {
        return dealt(Rows.of(train, seed), test, partition, sites, seed);
    }

    /**
     * Sites to which rows are dealt, of which each keeps a part to be measured on and does not train on it.
     *
     * @param heldOut the share that is kept, above 0, below 1; of a site's rows at least one is left to train on
     */
    static Population dealt(Examples rows, Partition partition, int sites, double heldOut, long seed) {
        return new HoldOut(dealt(rows, rows.select(new int[0]), partition, sites, seed), heldOut, seed);
    }

    /** As {@link #dealt(Examples, Examples, Partition, int, long)}, of rows in the order of a seed. */
    static Population dealt(Rows rows, Examples test, Partition partition, int sites, long seed) {
        if (sites < 1) {
            throw new IllegalArgumentException("sites must be >= 1. Provided value: " + sites);
        }
        int[][] places = partition.deal(
                rows, sites, SeedStream.of(seed).derive("partition").derive(partition.name()));
        Population population = new DealtPopulation(rows, places, test);
        population.requireRows();
        return population;
    }
}
