package dev.tacita.simulations;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.LossMoments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Active federated learning (Goetz et al. 2019, algorithm 1): a site's value is the sum of the losses of its training
 * examples over the square root of their number, at the model of the last round that asked it; at first, of the first model,
 * which all sites measure. The part alpha1 of the sites with the least values is left out, (1 - alpha3) of the cohort is
 * drawn from the others with probabilities in proportion to e^(alpha2 value), and the rest of it uniformly from all that are
 * left.
 *
 * @param alpha1 at least 0, below 1; the paper's is 0.75
 * @param alpha2 at least 0, finite; the paper's is 0.01
 * @param alpha3 at least 0, at most 1; the paper's is 0.1
 */
public record ActiveSelection(double alpha1, double alpha2, double alpha3) implements Selection {
    public ActiveSelection {
        if (!(alpha1 >= 0 && alpha1 < 1)) {
            throw new IllegalArgumentException("alpha1 must be >= 0 and < 1. Provided value: " + alpha1);
        }
        if (!(alpha2 >= 0 && alpha2 < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alpha2 must be >= 0 and finite. Provided value: " + alpha2);
        }
        if (!(alpha3 >= 0 && alpha3 <= 1)) {
            throw new IllegalArgumentException("alpha3 must be >= 0 and <= 1. Provided value: " + alpha3);
        }
    }

    @Override
    public boolean asksLosses() {
        return true;
    }

    @Override
    public CohortChooser begin(RunPlan plan, Population population) {
        double[] values = new double[population.size()];
        int size = cohortSize(plan, values.length);
        return (round, reports) -> {
            if (round == 1) {
                measure(IntStream.range(0, values.length).toArray(), reports, values);
            }
            int[] cohort = cohort(
                    values,
                    size,
                    SeedStream.of(plan.seed())
                            .derive("cohort")
                            .derive(round)
                            .derive("active")
                            .random());
            if (round > 1) {
                measure(cohort, reports, values);
            }
            return cohort;
        };
    }

    private static void measure(int[] sites, SiteReports reports, double[] values) throws InterruptedException {
        List<LossMoments> losses = reports.losses(sites);
        for (int i = 0; i < sites.length; i++) {
            values[sites[i]] =
                    losses.get(i).sum() / Math.sqrt((double) losses.get(i).examples());
        }
    }

    private int[] cohort(double[] values, int size, RandomGenerator random) {
        int uniform = (int) Math.round(alpha3 * size);
        List<Integer> byValue =
                new ArrayList<>(IntStream.range(0, values.length).boxed().toList());
        byValue.sort(Comparator.comparingDouble(site -> values[site]));
        int leftOut = Math.min((int) Math.floor(alpha1 * values.length), values.length - (size - uniform));
        List<Integer> valued = byValue.subList(leftOut, byValue.size());
        double[] logWeights =
                valued.stream().mapToDouble(site -> alpha2 * values[site]).toArray();
        List<Integer> cohort = new ArrayList<>(WeightedDraw.draw(random, valued, logWeights, size - uniform));
        List<Integer> others =
                new ArrayList<>(IntStream.range(0, values.length).boxed().toList());
        others.removeAll(new HashSet<>(cohort));
        cohort.addAll(WeightedDraw.draw(random, others, new double[others.size()], uniform));
        return cohort.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
