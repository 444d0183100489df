package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which sites have rows of which class; a class's rows are shared by its sites, all as many, give or take one. */
final class ClassHolders {
    private final List<List<Integer>> holders;
    private final int sites;

    /** @param classesOf the classes of each site, each at most once, below {@code classes} */
    ClassHolders(int classes, int[][] classesOf) {
        sites = classesOf.length;
        holders = Dealing.empty(classes);
        for (int site = 0; site < sites; site++) {
            for (int each : classesOf[site]) {
                holders.get(each).add(site);
            }
        }
    }

    /** Each class at all sites: the most rows that any choice of classes can need. */
    static ClassHolders everySite(int classes, int sites) {
        int[] all = IntStream.range(0, classes).toArray();
        return new ClassHolders(
                classes, IntStream.range(0, sites).mapToObj(site -> all).toArray(int[][]::new));
    }

    /** One sentence for each class with fewer rows than some class has sites. */
    List<String> problemsWith(Rows rows, String name) {
        int most = holders.stream().mapToInt(List::size).max().orElse(0);
        List<String> problems = new ArrayList<>();
        for (int each = 0; each < holders.size(); each++) {
            int rowsOfClass = rows.placesOf(each).length;
            if (rowsOfClass < most) {
                problems.add(name + " over " + sites + " sites shares a class by up to " + most
                        + " sites, each of which needs a row of it. Provided value: " + rowsOfClass + " rows of class "
                        + each + ".");
            }
        }
        return problems;
    }

    int[][] deal(Rows rows) {
        List<List<Integer>> dealt = Dealing.empty(sites);
        for (int each = 0; each < holders.size(); each++) {
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
}
