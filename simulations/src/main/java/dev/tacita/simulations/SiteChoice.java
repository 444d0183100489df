package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which sites of a population are meant. */
public sealed interface SiteChoice {
    /**
     * Which, by index.
     *
     * @param free sites that are not taken yet, ascending
     * @throws IllegalArgumentException if there are not so many, or no such ones
     */
    List<Integer> from(Population population, List<Integer> free, RandomGenerator random);

    /**
     * So many, drawn by seed.
     *
     * @param count at least 1
     */
    record Count(int count) implements SiteChoice {
        public Count {
            if (count < 1) {
                throw new IllegalArgumentException("number must be >= 1. Provided value: " + count);
            }
        }

        @Override
        public List<Integer> from(Population population, List<Integer> free, RandomGenerator random) {
            if (count > free.size()) {
                throw new IllegalArgumentException("so many sites are not left to choose from: " + count + ". Sites: "
                        + population.size() + ", left: " + free.size());
            }
            int[] order = Dealing.shuffled(free.size(), random);
            List<Integer> chosen = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                chosen.add(free.get(order[i]));
            }
            return chosen;
        }
    }

    /**
     * The nearest whole number of sites to this part of all, at least one, drawn by seed.
     *
     * @param value above 0, at most 1
     */
    record Fraction(double value) implements SiteChoice {
        public Fraction {
            if (!(value > 0 && value <= 1)) {
                throw new IllegalArgumentException("fraction must be > 0 and <= 1. Provided value: " + value);
            }
        }

        @Override
        public List<Integer> from(Population population, List<Integer> free, RandomGenerator random) {
            int count = (int) Math.max(1, Math.round(value * population.size()));
            return new Count(count).from(population, free, random);
        }
    }

    /**
     * These.
     *
     * @param sites at least one, no two alike
     */
    record Named(List<SiteId> sites) implements SiteChoice {
        public Named {
            sites = List.copyOf(sites);
            if (sites.isEmpty() || sites.stream().distinct().count() < sites.size()) {
                throw new IllegalArgumentException(
                        "sites must name at least one site, and each once. Provided value: " + sites);
            }
        }

        @Override
        public List<Integer> from(Population population, List<Integer> free, RandomGenerator random) {
            List<Integer> chosen = new ArrayList<>();
            for (SiteId site : sites) {
                int index = index(population, site);
                if (!free.contains(index)) {
                    throw new IllegalArgumentException(
                            "a site must be chosen once. Provided value: '" + site + "' once more");
                }
                chosen.add(index);
            }
            return chosen;
        }

        private static int index(Population population, SiteId site) {
            for (int i = 0; i < population.size(); i++) {
                if (population.site(i).equals(site)) {
                    return i;
                }
            }
            throw new IllegalArgumentException("there is no such site. Provided value: '" + site + "'; the sites are "
                    + population.site(0) + " to " + population.site(population.size() - 1));
        }
    }
}
