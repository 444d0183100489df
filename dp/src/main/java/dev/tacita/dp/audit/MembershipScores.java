package dev.tacita.dp.audit;

import java.util.Arrays;

/**
 * What an attack gave to members and to others; the higher, the more likely a member. Infinite scores are scores; NaN is
 * refused.
 */
public final class MembershipScores {
    private final double[] members;
    private final double[] nonMembers;

    /**
     * Copies the scores.
     *
     * @param members at least one
     * @param nonMembers at least one
     */
    public MembershipScores(double[] members, double[] nonMembers) {
        Checks.atLeast("the number of scores of members", members.length, 1);
        Checks.atLeast("the number of scores of non-members", nonMembers.length, 1);
        Checks.noNaN("scores of members", members);
        Checks.noNaN("scores of non-members", nonMembers);
        this.members = positiveZeros(members);
        this.nonMembers = positiveZeros(nonMembers);
        Arrays.sort(this.members);
        Arrays.sort(this.nonMembers);
    }

    /** Of scores in one array, beside the truth. */
    public static MembershipScores of(double[] scores, boolean[] member) {
        Checks.sameLength("scores", scores.length, "truths", member.length);
        double[] in = new double[scores.length];
        double[] out = new double[scores.length];
        int ins = 0;
        for (int i = 0; i < scores.length; i++) {
            if (member[i]) {
                in[ins++] = scores[i];
            } else {
                out[i - ins] = scores[i];
            }
        }
        return new MembershipScores(Arrays.copyOf(in, ins), Arrays.copyOf(out, scores.length - ins));
    }

    /** Scores of members, ascending. */
    double[] members() {
        return members;
    }

    /** Scores of others, ascending. */
    double[] nonMembers() {
        return nonMembers;
    }

    /** Of the attack that says "member" from this score on. */
    public AttackCounts counts(double threshold) {
        return counts(below(members, threshold), below(nonMembers, threshold));
    }

    /** Of the attack that says "member" above this score only. */
    AttackCounts countsAbove(double score) {
        return counts(notAbove(members, score), notAbove(nonMembers, score));
    }

    private AttackCounts counts(int membersBelow, int nonMembersBelow) {
        return new AttackCounts(
                members.length - membersBelow, membersBelow, nonMembers.length - nonMembersBelow, nonMembersBelow);
    }

    /**
     * The area under the ROC curve: the probability that a member scores higher than another, ties counting half, and an
     * interval that holds the area of all members and others but for the false alarm, whatever the distributions and
     * however few the scores: the mean over pairs is as concentrated as min(members, others) independent ones (Hoeffding
     * 1963, section 5a, with the relative entropy of theorem 1).
     *
     * @param falseAlarm between 0 and 1, both excluded
     */
    public Interval areaUnderRoc(double falseAlarm) {
        Checks.insideUnit("falseAlarm", falseAlarm);
        double halves = 0;
        int lower = 0;
        int notHigher = 0;
        for (double score : members) {
            while (lower < nonMembers.length && nonMembers[lower] < score) {
                lower++;
            }
            notHigher = Math.max(notHigher, lower);
            while (notHigher < nonMembers.length && nonMembers[notHigher] <= score) {
                notHigher++;
            }
            halves += lower + (double) notHigher;
        }
        double area = halves / (2.0 * members.length * nonMembers.length);
        double allowed = Math.log(2 / falseAlarm) / Math.min(members.length, nonMembers.length);
        return new Interval(area, 1 - entropyEnd(1 - area, allowed), entropyEnd(area, allowed));
    }

    /**
     * The true-positive rate of the lowest threshold whose observed false-positive rate is at most this. The intervals
     * are exact for a threshold, which does not depend on the members (Clopper and Pearson 1934); how far the threshold
     * itself is from the rate asked for is seen in the interval of the false-positive rate.
     *
     * @param rate from 0, below 1
     * @param falseAlarm between 0 and 1, both excluded; of each interval
     */
    public RateAt truePositiveRateAt(double rate, double falseAlarm) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("a false-positive rate must be >= 0 and < 1. Provided value: " + rate);
        }
        Checks.insideUnit("falseAlarm", falseAlarm);
        int allowed = (int) Math.floor(rate * nonMembers.length * (1 + 1e-12));
        double highestRefused = nonMembers[nonMembers.length - 1 - allowed];
        AttackCounts counts = countsAbove(highestRefused);
        return new RateAt(
                rate,
                Interval.ofRate(counts.falsePositives(), counts.nonMembers(), falseAlarm),
                Interval.ofRate(counts.truePositives(), counts.members(), falseAlarm));
    }

    private static double entropyEnd(double observed, double allowed) {
        double low = observed;
        double high = 1;
        for (int i = 0; i < 100 && low < high; i++) {
            double middle = 0.5 * (low + high);
            if (relativeEntropy(observed, middle) <= allowed) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double relativeEntropy(double p, double q) {
        double present = p == 0 ? 0 : p * Math.log(p / q);
        double absent = p == 1 ? 0 : (1 - p) * Math.log((1 - p) / (1 - q));
        return present + absent;
    }

    private static int below(double[] ascending, double threshold) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < threshold) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int notAbove(double[] ascending, double score) {
        return score == Double.POSITIVE_INFINITY ? ascending.length : below(ascending, Math.nextUp(score));
    }

    private static double[] positiveZeros(double[] scores) {
        double[] copy = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            copy[i] = scores[i] + 0.0;
        }
        return copy;
    }
}
