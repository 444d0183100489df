package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

/**
 * What an attack achieved, in the figures of the literature. An area of 0.5 is what guessing achieves.
 *
 * @param attack its name
 * @param members how many members were scored
 * @param nonMembers how many others
 * @param areaUnderRoc see {@link MembershipScores#areaUnderRoc}
 * @param atPerMille the true-positive rate at a false-positive rate of 0.1 %
 * @param atPercent the true-positive rate at a false-positive rate of 1 %
 * @param falseAlarm of each interval
 */
public record AttackFigures(
        String attack,
        int members,
        int nonMembers,
        Interval areaUnderRoc,
        RateAt atPerMille,
        RateAt atPercent,
        double falseAlarm) {
    public AttackFigures {
        requireNonNull(attack, "attack is null");
        requireNonNull(areaUnderRoc, "areaUnderRoc is null");
        requireNonNull(atPerMille, "atPerMille is null");
        requireNonNull(atPercent, "atPercent is null");
        Checks.insideUnit("falseAlarm", falseAlarm);
    }

    /**
     * Of these scores.
     *
     * @param falseAlarm of each interval, between 0 and 1, both excluded
     */
    public static AttackFigures of(String attack, MembershipScores scores, double falseAlarm) {
        return new AttackFigures(
                attack,
                scores.members().length,
                scores.nonMembers().length,
                scores.areaUnderRoc(falseAlarm),
                scores.truePositiveRateAt(0.001, falseAlarm),
                scores.truePositiveRateAt(0.01, falseAlarm),
                falseAlarm);
    }
}
