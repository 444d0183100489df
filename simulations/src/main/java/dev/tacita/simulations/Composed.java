package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two partitions, one within the other: rows are dealt to groups by the outer one, and those of each group to its sites, all
 * groups having as many, by the inner one. Sites of a group follow each other.
 *
 * @param groups at least 2
 * @param outer deals to groups
 * @param inner deals within each
 */
public record Composed(int groups, Partition outer, Partition inner) implements Partition {
    public Composed {
        requireNonNull(outer, "outer is null");
        requireNonNull(inner, "inner is null");
        if (groups < 2) {
            throw new IllegalArgumentException("groups must be >= 2. Provided value: " + groups);
        }
    }

    @Override
    public String name() {
        return "composed";
    }

    /** What can be said before rows are dealt to groups; the inner partition looks at each group when it is dealt. */
    @Override
    public List<String> problemsWith(Rows rows, int sites) {
        List<String> problems = new ArrayList<>(outer.problemsWith(rows, groups));
        if (sites % groups != 0) {
            problems.add("composed needs as many sites in each of its " + groups + " groups. Provided value: " + sites
                    + " sites.");
        }
        return problems;
    }

    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        int[][] ofGroups = outer.deal(rows, groups, seeds.derive("outer"));
        int each = sites / groups;
        int[][] dealt = new int[sites][];
        for (int group = 0; group < groups; group++) {
            int[] places = ofGroups[group];
            int[][] within =
                    inner.deal(rows.part(places), each, seeds.derive("inner").derive(group));
            for (int i = 0; i < each; i++) {
                dealt[group * each + i] =
                        Arrays.stream(within[i]).map(place -> places[place]).toArray();
            }
        }
        return dealt;
    }
}
