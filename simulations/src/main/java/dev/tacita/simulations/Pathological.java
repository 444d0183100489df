package dev.tacita.simulations;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Every site has exactly {@code classes} classes. Classes are handed out one after the other, so that none is given again
 * before all are given once more; the rows of a class are shared by its sites, all as many, give or take one. Rows of a
 * class that no site has are left out.
 *
 * @param classes of a site, at least 1
 * @param inOrder whether site p has the classes p to p + classes - 1, counted round; else the classes are shuffled first
 */
public record Pathological(int classes, boolean inOrder) implements Partition {
    public Pathological {
        if (classes < 1) {
            throw new IllegalArgumentException("classes must be >= 1. Provided value: " + classes);
        }
    }

    @Override
    public String name() {
        return "pathological";
    }

    @Override
    public List<String> problemsWith(Rows rows, int sites) {
        List<String> problems = new ArrayList<>(Dealing.noClasses(rows, name()));
        int count = rows.classCount();
        if (count > 0 && classes > count) {
            problems.add(
                    "pathological needs at least " + classes + " classes in the data. Provided value: " + count + ".");
        } else if (count > 0) {
            int[][] hands = hands(count, sites, identity(count));
            int most = 0;
            int[] holders = new int[count];
            for (int[] hand : hands) {
                for (int each : hand) {
                    most = Math.max(most, ++holders[each]);
                }
            }
            for (int each = 0; each < count; each++) {
                int rowsOfClass = rows.placesOf(each).length;
                if (rowsOfClass < most) {
                    problems.add("pathological over " + sites + " sites shares a class by up to " + most
                            + " sites, each of which needs a row of it. Provided value: " + rowsOfClass
                            + " rows of class " + each + ".");
                }
            }
        }
        return problems;
    }

    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        int count = rows.classCount();
        int[] names = inOrder
                ? identity(count)
                : Dealing.shuffled(count, seeds.derive("pathological").random());
        int[][] hands = hands(count, sites, names);
        List<List<Integer>> holders = Dealing.empty(count);
        for (int site = 0; site < sites; site++) {
            for (int each : hands[site]) {
                holders.get(each).add(site);
            }
        }
        List<List<Integer>> dealt = Dealing.empty(sites);
        for (int each = 0; each < count; each++) {
            int[] places = rows.placesOf(each);
            List<Integer> sharers = holders.get(each);
            for (int i = 0; i < sharers.size(); i++) {
                for (int place : Dealing.slice(places, i, sharers.size())) {
                    dealt.get(sharers.get(i)).add(place);
                }
            }
        }
        return Dealing.sorted(dealt);
    }

    private int[][] hands(int count, int sites, int[] names) {
        int[][] hands = new int[sites][classes];
        for (int site = 0; site < sites; site++) {
            long first = inOrder ? site : (long) site * classes;
            for (int i = 0; i < classes; i++) {
                hands[site][i] = names[(int) ((first + i) % count)];
            }
        }
        return hands;
    }

    private static int[] identity(int count) {
        return IntStream.range(0, count).toArray();
    }
}
