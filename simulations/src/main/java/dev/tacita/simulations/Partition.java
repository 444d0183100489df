package dev.tacita.simulations;

import dev.tacita.core.number.SeedStream;
import java.util.List;

/**
 * How rows are dealt to sites. The same rows, number of sites and seeds give every site the same rows in the same order, in
 * whatever order the rows were given. No row is dealt twice; every site has at least one.
 */
public interface Partition {
    /** The name that studies use, such as {@code dirichlet}. */
    String name();

    /** Each rule that rows and sites break, in one sentence; empty if the rows can be dealt. */
    List<String> problemsWith(Rows rows, int sites);

    /**
     * The places in {@link Rows} of each site's rows, ascending.
     *
     * @param sites at least 1
     * @throws IllegalArgumentException if there are problems, in which case the message is the first
     */
    int[][] deal(Rows rows, int sites, SeedStream seeds);
}
