package dev.tacita.dp.audit;

import dev.tacita.dp.accounting.NeighbouringRelation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * The epsilon that the scores of an attack prove, where every score comes from a trial of its own: a training, or a
 * release, with the member or without. Scores of many examples under one model are not such trials; {@link OneRunAudit}
 * takes those.
 */
public final class ScoreAudit {
    private ScoreAudit() {}

    /**
     * From exact intervals of both rates (Clopper and Pearson 1934), by the better of the attack and its complement.
     *
     * @param delta from 0, below 1
     * @param falseAlarm between 0 and 1, both excluded
     * @param relation how the data with and without the member differ
     */
    public static LowerBound clopperPearson(
            MembershipScores scores,
            Threshold threshold,
            double delta,
            double falseAlarm,
            NeighbouringRelation relation) {
        Checks.delta(delta);
        double epsilon = largest(scores, threshold, falseAlarm, rates -> rates.epsilon(delta));
        return new LowerBound(epsilon, delta, falseAlarm, relation, "Clopper-Pearson, " + words(threshold), "");
    }

    /**
     * As {@link #clopperPearson}, read as a mu of Gaussian differential privacy, from which the epsilon follows (Nasr et al.
     * 2023, section 4.2): tighter, and true only of mechanisms whose trade-off of errors is a Gaussian one.
     *
     * @param delta above 0, below 1
     * @param falseAlarm between 0 and 1, both excluded
     * @param relation how the data with and without the member differ
     */
    public static LowerBound gaussian(
            MembershipScores scores,
            Threshold threshold,
            double delta,
            double falseAlarm,
            NeighbouringRelation relation) {
        Checks.insideUnit("delta", delta);
        double epsilon = largest(scores, threshold, falseAlarm, rates -> rates.gaussianEpsilon(delta));
        return new LowerBound(
                epsilon,
                delta,
                falseAlarm,
                relation,
                "Gaussian trade-off, " + words(threshold),
                "a trade-off of errors like that of a Gaussian mechanism");
    }

    private static double largest(
            MembershipScores scores, Threshold threshold, double falseAlarm, ToDoubleFunction<Rates> epsilon) {
        Checks.insideUnit("falseAlarm", falseAlarm);
        if (threshold instanceof Threshold.Given given) {
            return epsilon.applyAsDouble(Rates.of(scores.counts(given.score()), falseAlarm));
        }
        if (threshold instanceof Threshold.BestOfHalf half) {
            RandomGenerator random = half.seeds().random();
            double[][] members = halves(scores.members(), random);
            double[][] nonMembers = halves(scores.nonMembers(), random);
            double best = best(new MembershipScores(members[0], nonMembers[0]), falseAlarm, epsilon);
            MembershipScores others = new MembershipScores(members[1], nonMembers[1]);
            return epsilon.applyAsDouble(Rates.of(others.counts(best), falseAlarm));
        }
        return ofRanks(scores, falseAlarm).stream().mapToDouble(epsilon).max().orElse(0);
    }

    private static List<Rates> ofRanks(MembershipScores scores, double falseAlarm) {
        double[] members = scores.members();
        double[] nonMembers = scores.nonMembers();
        double share = falseAlarm / (ranks(members.length) + ranks(nonMembers.length)) / 2;
        List<Rates> rates = new ArrayList<>();
        for (int rank = 1; rank <= nonMembers.length; rank *= 2) {
            AttackCounts above = scores.countsAbove(nonMembers[nonMembers.length - rank]);
            rates.add(new Rates(
                    BinomialLaw.rateAtLeast(above.truePositives(), members.length, share),
                    BinomialLaw.rateAtMost(rank - 1L, nonMembers.length, share)));
        }
        for (int rank = 1; rank <= members.length; rank *= 2) {
            AttackCounts from = scores.counts(members[rank - 1]);
            rates.add(new Rates(
                    1 - BinomialLaw.rateAtMost(rank - 1L, members.length, share),
                    BinomialLaw.rateAtMost(from.falsePositives(), nonMembers.length, share)));
        }
        return rates;
    }

    private static double best(MembershipScores scores, double falseAlarm, ToDoubleFunction<Rates> epsilon) {
        double[] members = scores.members();
        double[] nonMembers = scores.nonMembers();
        double best = nonMembers[nonMembers.length / 2];
        double highest = -1;
        List<Double> thresholds = new ArrayList<>();
        for (int rank = 1; rank <= nonMembers.length; rank *= 2) {
            thresholds.add(Math.nextUp(nonMembers[nonMembers.length - rank]));
        }
        for (int rank = 1; rank <= members.length; rank *= 2) {
            thresholds.add(members[rank - 1]);
        }
        for (double threshold : thresholds) {
            double reached = epsilon.applyAsDouble(Rates.of(scores.counts(threshold), falseAlarm));
            if (reached > highest) {
                highest = reached;
                best = threshold;
            }
        }
        return best;
    }

    private static double[][] halves(double[] scores, RandomGenerator random) {
        if (scores.length < 2) {
            throw new IllegalArgumentException(
                    "the best threshold of a half needs >= 2 scores of members and >= 2 of others. Provided number: "
                            + scores.length);
        }
        double[] shuffled = scores.clone();
        for (int i = shuffled.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            double kept = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = kept;
        }
        int half = shuffled.length / 2;
        return new double[][] {Arrays.copyOf(shuffled, half), Arrays.copyOfRange(shuffled, half, shuffled.length)};
    }

    private static int ranks(int scores) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(scores);
    }

    private static String words(Threshold threshold) {
        if (threshold instanceof Threshold.Given) {
            return "threshold given";
        }
        return threshold instanceof Threshold.BestOfHalf ? "threshold of one half" : "best of ranks";
    }
}
