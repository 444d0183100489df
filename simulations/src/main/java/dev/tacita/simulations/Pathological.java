package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Every site has exactly {@code classes} classes; the rows of a class are shared by its sites, all as many, give or take one.
 * Rows of a class that no site has are left out.
 *
 * @param classes of a site, at least 1
 * @param order in which classes are handed out
 */
public record Pathological(int classes, Order order) implements Partition {
    /** How classes are handed out. */
    public enum Order {
        /**
         * Shuffled, then one after the other, so that none is given again before all are given once more. Two classes for each
         * of ten sites make five pairs of classes, and no site knows a class of another pair.
         */
        IN_TURN,
        /** Site p has the classes p to p + classes - 1, counted round. */
        IN_ORDER,
        /**
         * Site p has class p, counted round, and others that are drawn, each as likely (Li et al. 2022, "Federated Learning on
         * Non-IID Data Silos", section IV-A).
         */
        DRAWN
    }

    public Pathological {
        if (classes < 1) {
            throw new IllegalArgumentException("classes must be >= 1. Provided value: " + classes);
        }
        requireNonNull(order, "order is null");
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
            ClassHolders holders = order == Order.DRAWN && classes > 1
                    ? ClassHolders.everySite(count, sites)
                    : new ClassHolders(count, inTurn(count, sites, identity(count)));
            problems.addAll(holders.problemsWith(rows, name()));
        }
        return problems;
    }

    @Override
    public int[][] deal(Rows rows, int sites, SeedStream seeds) {
        Dealing.require(problemsWith(rows, sites));
        int count = rows.classCount();
        RandomGenerator random = seeds.derive("pathological").random();
        int[][] hands =
                switch (order) {
                    case IN_TURN -> inTurn(count, sites, Dealing.shuffled(count, random));
                    case IN_ORDER -> inTurn(count, sites, identity(count));
                    case DRAWN -> drawn(count, sites, random);
                };
        return new ClassHolders(count, hands).deal(rows);
    }

    private int[][] inTurn(int count, int sites, int[] names) {
        int[][] hands = new int[sites][classes];
        for (int site = 0; site < sites; site++) {
            long first = order == Order.IN_TURN ? (long) site * classes : site;
            for (int i = 0; i < classes; i++) {
                hands[site][i] = names[(int) ((first + i) % count)];
            }
        }
        return hands;
    }

    private int[][] drawn(int count, int sites, RandomGenerator random) {
        int[][] hands = new int[sites][];
        for (int site = 0; site < sites; site++) {
            int first = site % count;
            hands[site] = IntStream.concat(
                            IntStream.of(first),
                            IntStream.of(Dealing.shuffled(count, random)).filter(each -> each != first))
                    .limit(classes)
                    .toArray();
        }
        return hands;
    }

    private static int[] identity(int count) {
        return IntStream.range(0, count).toArray();
    }
}
