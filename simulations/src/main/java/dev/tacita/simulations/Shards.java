package dev.tacita.simulations;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Rows sorted by class, cut into shards, of which every site gets {@code perSite} at random (McMahan et al. 2017, section 3):
 * most sites see few classes.
 *
 * @param perSite at least 1; the paper has 2
 * @param size rows of a shard, at least 1, rows beyond the last shard being left out; empty cuts all rows into shards as
 *     large as each other, give or take one
 */
public record Shards(int perSite, OptionalInt size) implements Partition {
    public Shards {
        if (perSite < 1) {
            throw new IllegalArgumentException("per-site must be >= 1. Provided value: " + perSite);
        }
        if (size.isPresent() && size.getAsInt() < 1) {
            throw new IllegalArgumentException("size must be >= 1. Provided value: " + size.getAsInt());
        }
    }

    @Override
    public String name() {
        return "shards";
    }

    @Override
    public List<String> problemsWith(Rows rows, int sites) {
        List<String> problems = new ArrayList<>(Dealing.noClasses(rows, name()));
        long shards = (long) sites * perSite;
        problems.addAll(Dealing.tooFewRows(
                rows,
                shards * size.orElse(1),
                shards + " shards" + (size.isPresent() ? " of " + size.getAsInt() : "")));
        return problems;
    }

    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        int count = sites * perSite;
        int[] byClass = IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingInt(rows::classAt))
                .limit(size.isPresent() ? (long) count * size.getAsInt() : rows.size())
                .mapToInt(Integer::intValue)
                .toArray();
        int[] shards = Dealing.shuffled(count, seeds.derive("shards").random());
        List<List<Integer>> dealt = Dealing.empty(sites);
        for (int i = 0; i < count; i++) {
            for (int place : Dealing.slice(byClass, shards[i], count)) {
                dealt.get(i / perSite).add(place);
            }
        }
        return Dealing.sorted(dealt);
    }
}
