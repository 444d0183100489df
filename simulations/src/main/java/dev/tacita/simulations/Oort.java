package dev.tacita.simulations;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.LossMoments;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Oort's choice of participants for training (Lai et al. 2021, algorithm 1). The utility of a site that was asked before is
 * n sqrt(mean of the squared losses of its n training examples) at the model of that round, capped at the 95th percentile of
 * all, plus sqrt(0.1 ln(round) / round in which it was asked last), times (T / t)^penalty where its round takes t seconds, more
 * than the preferred T. A share epsilon of the cohort are sites that were never asked, drawn in proportion to their speed
 * where it is known; the others are drawn in proportion to their utility from the sites that have at least 95 % of the
 * utility of the last of the best. Epsilon begins at {@code exploration} and shrinks by a factor each round. T stays as it
 * is: the paper's pacer, and its limits on how often a site is asked, are not here.
 *
 * @param exploration epsilon of the first round, at least 0, at most 1; the paper's is 0.9
 * @param decay its factor from round to round, above 0, at most 1; the paper's is 0.98
 * @param leastExploration at least 0, at most {@code exploration}; the paper's is 0.2
 * @param preferredSeconds T, above 0, finite; empty if all sites are fast enough
 * @param penalty at least 0, finite; the paper's is 2
 */
public record Oort(
        double exploration, double decay, double leastExploration, OptionalDouble preferredSeconds, double penalty)
        implements Selection {
    private static final double CONFIDENCE = 0.95;
    private static final double STALENESS = 0.1;

    public Oort {
        if (!(exploration >= 0 && exploration <= 1)) {
            throw new IllegalArgumentException("exploration must be >= 0 and <= 1. Provided value: " + exploration);
        }
        if (!(decay > 0 && decay <= 1)) {
            throw new IllegalArgumentException("decay must be > 0 and <= 1. Provided value: " + decay);
        }
        if (!(leastExploration >= 0 && leastExploration <= exploration)) {
            throw new IllegalArgumentException("least-exploration must be >= 0 and at most exploration, " + exploration
                    + ". Provided value: " + leastExploration);
        }
        if (preferredSeconds.isPresent()
                && !(preferredSeconds.getAsDouble() > 0 && preferredSeconds.getAsDouble() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "preferred-seconds must be > 0 and finite. Provided value: " + preferredSeconds.getAsDouble());
        }
        if (!(penalty >= 0 && penalty < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("penalty must be >= 0 and finite. Provided value: " + penalty);
        }
    }

    @Override
    public boolean asksLosses() {
        return true;
    }

    @Override
    public CohortChooser begin(RunPlan plan, Population population) {
        double[] statistical = new double[population.size()];
        int[] lastAsked = new int[population.size()];
        int size = cohortSize(plan, population.size());
        return (round, reports) -> {
            SeedStream seeds =
                    SeedStream.of(plan.seed()).derive("cohort").derive(round).derive("oort");
            int[] cohort = cohort(round, size, statistical, lastAsked, reports, seeds.random());
            List<LossMoments> losses = reports.losses(cohort);
            for (int i = 0; i < cohort.length; i++) {
                LossMoments of = losses.get(i);
                statistical[cohort[i]] = of.examples() * Math.sqrt(of.squares() / of.examples());
                lastAsked[cohort[i]] = round;
            }
            return cohort;
        };
    }

    private int[] cohort(
            int round, int size, double[] statistical, int[] lastAsked, SiteReports reports, RandomGenerator random) {
        List<Integer> known = sites(lastAsked, true);
        List<Integer> unknown = sites(lastAsked, false);
        double epsilon = Math.max(leastExploration, exploration * Math.pow(decay, round - 1d));
        int explored = Math.min(unknown.size(), Math.max((int) Math.round(epsilon * size), size - known.size()));
        Set<Integer> cohort = new HashSet<>(WeightedDraw.draw(
                random,
                unknown,
                unknown.stream()
                        .mapToDouble(site -> -Math.log(reports.seconds(site).orElse(1)))
                        .toArray(),
                explored));
        cohort.addAll(best(utilities(round, known, statistical, lastAsked, reports), known, size - explored, random));
        return cohort.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private static List<Integer> sites(int[] lastAsked, boolean asked) {
        return IntStream.range(0, lastAsked.length)
                .filter(site -> lastAsked[site] > 0 == asked)
                .boxed()
                .toList();
    }

    /** Of the known sites, in their order. */
    private double[] utilities(
            int round, List<Integer> known, double[] statistical, int[] lastAsked, SiteReports reports) {
        double cap =
                percentile(known.stream().mapToDouble(site -> statistical[site]).toArray());
        double[] utilities = new double[known.size()];
        for (int i = 0; i < utilities.length; i++) {
            int site = known.get(i);
            utilities[i] = (Math.min(cap, statistical[site]) + Math.sqrt(STALENESS * Math.log(round) / lastAsked[site]))
                    * system(reports.seconds(site));
        }
        return utilities;
    }

    private static double percentile(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(CONFIDENCE * sorted.length) - 1];
    }

    private double system(OptionalDouble seconds) {
        return preferredSeconds.isPresent()
                        && seconds.isPresent()
                        && seconds.getAsDouble() > preferredSeconds.getAsDouble()
                ? Math.pow(preferredSeconds.getAsDouble() / seconds.getAsDouble(), penalty)
                : 1;
    }

    private static List<Integer> best(double[] utilities, List<Integer> known, int count, RandomGenerator random) {
        if (count == 0) {
            return List.of();
        }
        List<Integer> places = IntStream.range(0, utilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -utilities[i]))
                .toList();
        double least = CONFIDENCE * utilities[places.get(count - 1)];
        List<Integer> eligible =
                places.stream().filter(i -> utilities[i] >= least).sorted().toList();
        return WeightedDraw.draw(
                random,
                eligible.stream().map(known::get).toList(),
                eligible.stream().mapToDouble(i -> Math.log(utilities[i])).toArray(),
                count);
    }
}
