package dev.tacita.simulations;

import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.stream.IntStream;

/** Every site a random part of all rows, all as large as each other, give or take one. */
public record Iid() implements Partition {
    @Override
    public String name() {
        return "iid";
    }

    @Override
    public List<String> problemsWith(Rows rows, int sites) {
        return Dealing.tooFewRows(rows, sites, "iid over " + sites + " sites");
    }

    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        int[] all = IntStream.range(0, rows.size()).toArray();
        return IntStream.range(0, sites)
                .mapToObj(site -> Dealing.slice(all, site, sites))
                .toArray(int[][]::new);
    }
}
