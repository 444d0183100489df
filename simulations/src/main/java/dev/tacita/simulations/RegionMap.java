package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Regions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sites of each region of a population.
 *
 * @param sites of each region by index, ascending; all sites in one where there are problems
 * @param problems why the regions are not those of the population
 */
record RegionMap(List<int[]> sites, List<Problem> problems) {
    private static final int MOST_NAMED = 5;

    static RegionMap of(Regions regions, Population population) {
        if (regions instanceof Regions.Named named) {
            return named(named, population);
        }
        if (regions instanceof Regions.Count number) {
            return neighbours(number.count(), population);
        }
        return regions instanceof Regions.OfData
                ? ofData(population)
                : unfit(population, List.of("the regions of a study must be named, counted or those of the data."));
    }

    int smallest() {
        return sites.stream().mapToInt(region -> region.length).min().orElseThrow();
    }

    int largest() {
        return sites.stream().mapToInt(region -> region.length).max().orElseThrow();
    }

    private static RegionMap neighbours(int count, Population population) {
        int all = population.size();
        if (count > all) {
            return unfit(
                    population,
                    List.of("regions must be at most the number of sites, " + all + ". Provided value: " + count
                            + "."));
        }
        return new RegionMap(
                IntStream.range(0, count)
                        .mapToObj(region -> IntStream.range(start(all, region, count), start(all, region + 1, count))
                                .toArray())
                        .toList(),
                List.of());
    }

    /** Index of the first site of a region; regions are as large as each other, give or take a site. */
    private static int start(int sites, int region, int regions) {
        return (int) ((long) sites * region / regions);
    }

    private static RegionMap named(Regions.Named regions, Population population) {
        Map<SiteId, Integer> places = new HashMap<>();
        for (int i = 0; i < population.size(); i++) {
            places.put(population.site(i), i);
        }
        List<int[]> sites = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        regions.sites().forEach((region, of) -> {
            List<SiteId> unknown =
                    of.stream().filter(site -> !places.containsKey(site)).toList();
            if (!unknown.isEmpty()) {
                problems.add("region '" + region + "' names sites that are not there: " + some(unknown) + "; they are "
                        + population.site(0) + " to " + population.site(population.size() - 1) + ".");
            }
            sites.add(of.stream()
                    .map(places::remove)
                    .flatMap(place -> Optional.ofNullable(place).stream())
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray());
        });
        if (!places.isEmpty()) {
            problems.add("every site must be in a region. In none: "
                    + some(places.keySet().stream().sorted().toList()) + ".");
        }
        return problems.isEmpty() ? new RegionMap(sites, List.of()) : unfit(population, problems);
    }

    private static RegionMap ofData(Population population) {
        Map<String, List<Integer>> regions = new TreeMap<>();
        List<SiteId> without = new ArrayList<>();
        for (int i = 0; i < population.size(); i++) {
            Optional<String> region = population.region(i);
            if (region.isPresent()) {
                regions.computeIfAbsent(region.get(), name -> new ArrayList<>()).add(i);
            } else {
                without.add(population.site(i));
            }
        }
        if (!without.isEmpty()) {
            return unfit(
                    population,
                    List.of("the data says of no region of " + some(without)
                            + ". Name the column that does by 'regions-by' beside 'sites-by', or name the sites of each"
                            + " region."));
        }
        return new RegionMap(
                regions.values().stream()
                        .map(of -> of.stream().mapToInt(Integer::intValue).toArray())
                        .toList(),
                List.of());
    }

    private static RegionMap unfit(Population population, List<String> problems) {
        return new RegionMap(
                List.of(IntStream.range(0, population.size()).toArray()),
                problems.stream().map(why -> Problem.of("algorithm", why)).toList());
    }

    private static String some(List<SiteId> sites) {
        String first = sites.stream().limit(MOST_NAMED).map(SiteId::value).collect(Collectors.joining(", "));
        return sites.size() > MOST_NAMED ? first + " and " + (sites.size() - MOST_NAMED) + " more" : first;
    }
}
