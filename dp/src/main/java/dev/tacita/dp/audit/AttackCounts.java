package dev.tacita.dp.audit;

/**
 * How often an attack was right, each trial on its own: its own training, or its own release of a mechanism.
 *
 * @param truePositives trials with the member in which the attack said so; 0 or more, as all of them
 * @param falseNegatives trials with the member in which it did not
 * @param falsePositives trials without the member in which the attack said it was there
 * @param trueNegatives trials without the member in which it did not
 */
public record AttackCounts(long truePositives, long falseNegatives, long falsePositives, long trueNegatives) {
    public AttackCounts {
        Checks.atLeast("truePositives", truePositives, 0);
        Checks.atLeast("falseNegatives", falseNegatives, 0);
        Checks.atLeast("falsePositives", falsePositives, 0);
        Checks.atLeast("trueNegatives", trueNegatives, 0);
        Checks.atLeast("trials with the member", truePositives + falseNegatives, 1);
        Checks.atLeast("trials without the member", falsePositives + trueNegatives, 1);
    }

    /** Trials with the member. */
    public long members() {
        return truePositives + falseNegatives;
    }

    /** Trials without the member. */
    public long nonMembers() {
        return falsePositives + trueNegatives;
    }

    /** The observed true-positive rate. */
    public double truePositiveRate() {
        return (double) truePositives / members();
    }

    /** The observed false-positive rate. */
    public double falsePositiveRate() {
        return (double) falsePositives / nonMembers();
    }

    /** The same trials of the attack that looks for the absence: it says "not there" where this one does. */
    AttackCounts ofAbsence() {
        return new AttackCounts(
                /* truePositives= */ trueNegatives,
                /* falseNegatives= */ falsePositives,
                /* falsePositives= */ falseNegatives,
                /* trueNegatives= */ truePositives);
    }
}
