package dev.tacita.simulations;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Each site has the classes that are said, so that a published study is dealt as it was; the rows of a class are shared by its
 * sites, all as many, give or take one. Rows of a class that no site has are left out. No seed is used.
 *
 * @param classesOf the classes of each site, at least one for each and none twice, as the data's targets name them, from 0
 */
public record AssignedClasses(List<List<Integer>> classesOf) implements Partition {
    public AssignedClasses {
        classesOf = classesOf.stream().map(List::copyOf).toList();
        for (int site = 0; site < classesOf.size(); site++) {
            List<Integer> classes = classesOf.get(site);
            boolean distinct = new HashSet<>(classes).size() == classes.size();
            if (classes.isEmpty() || !distinct || classes.stream().anyMatch(each -> each < 0)) {
                throw new IllegalArgumentException("classes of a site must be one or more, >= 0 and different."
                        + " Provided value: " + classes + " for site " + site);
            }
        }
    }

    @Override
    public String name() {
        return "assigned";
    }

    @Override
    public List<String> problemsWith(Rows rows, int sites) {
        List<String> problems = new ArrayList<>(Dealing.noClasses(rows, name()));
        if (classesOf.size() != sites) {
            problems.add("assigned needs the classes of each of " + sites + " sites. Provided value: "
                    + classesOf.size() + " lists.");
        }
        int count = rows.classCount();
        int largest = classesOf.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(-1);
        if (count > 0 && largest >= count) {
            problems.add("assigned needs classes below " + count + ", as many as the data has. Provided value: "
                    + largest + ".");
        } else if (count > 0) {
            problems.addAll(holders(count).problemsWith(rows, name()));
        }
        return problems;
    }

    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        return holders(rows.classCount()).deal(rows);
    }

    private ClassHolders holders(int count) {
        return new ClassHolders(
                count,
                classesOf.stream()
                        .map(classes ->
                                classes.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new));
    }
}
