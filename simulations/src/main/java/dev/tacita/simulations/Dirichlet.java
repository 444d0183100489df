package dev.tacita.simulations;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The rows of each class are dealt over the sites in proportions from a symmetric Dirichlet distribution (Yurochkin et al.
 * 2019, section 4; Li et al. 2022, NIID-Bench): the smaller alpha, the fewer sites share a class. Drawn again until every
 * site has the smallest number of rows, at most {@value #MOST_DRAWS} times.
 *
 * @param alpha concentration, above 0, finite
 * @param smallest rows of a site, at least 1
 */
public record Dirichlet(double alpha, int smallest) implements Partition {
    private static final int MOST_DRAWS = 1000;

    public Dirichlet {
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alpha must be > 0 and finite. Provided value: " + alpha);
        }
        if (smallest < 1) {
            throw new IllegalArgumentException("smallest must be >= 1. Provided value: " + smallest);
        }
    }

    @Override
    public String name() {
        return "dirichlet";
    }

    @Override
    public List<String> problemsWith(Rows rows, int sites) {
        List<String> problems = new ArrayList<>(Dealing.noClasses(rows, name()));
        problems.addAll(Dealing.tooFewRows(
                rows, (long) sites * smallest, "dirichlet over " + sites + " sites of at least " + smallest));
        return problems;
    }

    /** @throws IllegalArgumentException also if no draw gave every site its smallest number of rows */
    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        for (int draw = 0; draw < MOST_DRAWS; draw++) {
            int[][] dealt =
                    draw(rows, sites, seeds.derive("dirichlet").derive(draw).random());
            if (Arrays.stream(dealt).allMatch(site -> site.length >= smallest)) {
                return dealt;
            }
        }
        throw new IllegalArgumentException("dirichlet with alpha " + alpha + " gave none of " + MOST_DRAWS
                + " draws in which each of " + sites + " sites has at least " + smallest
                + " rows; take a larger alpha, fewer sites or a smaller least number.");
    }

    private int[][] draw(Rows rows, int sites, RandomGenerator random) {
        List<List<Integer>> dealt = Dealing.empty(sites);
        for (int each = 0; each < rows.classCount(); each++) {
            int[] places = rows.placesOf(each);
            double[] shares = new double[sites];
            double sum = 0;
            for (int site = 0; site < sites; site++) {
                shares[site] = Gamma.draw(alpha, random);
                sum += shares[site];
            }
            double upTo = 0;
            int from = 0;
            for (int site = 0; site < sites; site++) {
                upTo += shares[site] / sum;
                int to = site == sites - 1 ? places.length : (int) Math.min(places.length, upTo * places.length);
                for (; from < to; from++) {
                    dealt.get(site).add(places[from]);
                }
            }
        }
        return Dealing.sorted(dealt);
    }
}
