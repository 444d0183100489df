package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.NeighbouringRelation;

/**
 * Lower bounds on the ratio of an attack's true-positive to its false-positive rate, whose logarithm no epsilon below can
 * explain. All but {@link #CLOPPER_PEARSON} rest on normal approximations for many trials (Fagerland, Lydersen and Laake
 * 2015 compare them) and say so in their bounds.
 */
public enum RateRatio {
    /** Normal interval of the logarithm of the ratio (Katz et al. 1978). */
    KATZ_LOG("Katz's logarithm") {
        @Override
        double log(double tp, double members, double fp, double nonMembers, double z) {
            return Math.log(tp / members * (nonMembers / fp)) - z * Math.sqrt(spread(tp, members, fp, nonMembers));
        }
    },
    /** As Katz, with half a trial added to each count (Walter 1975). */
    ADJUSTED_LOG("adjusted logarithm") {
        @Override
        double log(double tp, double members, double fp, double nonMembers, double z) {
            return KATZ_LOG.log(tp + 0.5, members + 0.5, fp + 0.5, nonMembers + 0.5, z);
        }
    },
    /** By the cube root of the ratio (Bailey 1987). */
    BAILEY("Bailey") {
        @Override
        double log(double tp, double members, double fp, double nonMembers, double z) {
            double ofMembers = 1 / tp - 1 / members;
            double ofNonMembers = 1 / fp - 1 / nonMembers;
            double root = Math.sqrt(ofMembers + ofNonMembers - z * z * ofMembers * ofNonMembers / 9);
            double shrunk = (1 - z * root / 3) / (1 - z * z * ofNonMembers / 9);
            return shrunk > 0
                    ? Math.log(tp / members * (nonMembers / fp)) + 3 * Math.log(shrunk)
                    : Double.NEGATIVE_INFINITY;
        }
    },
    /** By the inverse hyperbolic sine (Newcombe 2001). */
    INVERSE_SINH("inverse hyperbolic sine") {
        @Override
        double log(double tp, double members, double fp, double nonMembers, double z) {
            double half = z / 2 * Math.sqrt(spread(tp, members, fp, nonMembers));
            return Math.log(tp / members * (nonMembers / fp)) - 2 * Math.log(half + Math.sqrt(half * half + 1));
        }
    },
    /** From exact intervals of both rates, each of half the false alarm (Clopper and Pearson 1934). */
    CLOPPER_PEARSON("Clopper-Pearson") {
        @Override
        double log(double tp, double members, double fp, double nonMembers, double z) {
            throw new IllegalStateException("exact intervals have no z");
        }
    };

    private static final String MANY_TRIALS = "trials so many that the rates are normally distributed";

    private final String words;

    RateRatio(String words) {
        this.words = words;
    }

    abstract double log(double tp, double members, double fp, double nonMembers, double z);

    private static double spread(double tp, double members, double fp, double nonMembers) {
        return 1 / tp - 1 / members + 1 / fp - 1 / nonMembers;
    }

    /**
     * A number that ln(true-positive rate / false-positive rate) is below with at most this probability; minus infinity
     * where the counts say nothing.
     *
     * @param falseAlarm between 0 and 1, both excluded
     */
    public double logRatio(AttackCounts counts, double falseAlarm) {
        Checks.insideUnit("falseAlarm", falseAlarm);
        if (this == CLOPPER_PEARSON) {
            Rates rates = Rates.of(counts, falseAlarm);
            return Math.log(rates.truePositiveAtLeast() / rates.falsePositiveAtMost());
        }
        double log = log(
                (double) counts.truePositives(),
                (double) counts.members(),
                (double) counts.falsePositives(),
                (double) counts.nonMembers(),
                StandardNormal.quantile(1 - falseAlarm));
        return Double.isNaN(log) || log == Double.POSITIVE_INFINITY ? Double.NEGATIVE_INFINITY : log;
    }

    /**
     * The epsilon that the counts prove, by the better of two attacks: the one counted, and the one that says "absent"
     * where this one does. Trials must be independent, and the attack chosen before they were made.
     *
     * @param delta from 0, below 1; above 0 for {@link #CLOPPER_PEARSON} only
     * @param falseAlarm between 0 and 1, both excluded
     * @param relation how the data with and without the member differ
     */
    public LowerBound epsilon(AttackCounts counts, double delta, double falseAlarm, NeighbouringRelation relation) {
        Checks.delta(delta);
        Checks.insideUnit("falseAlarm", falseAlarm);
        requireNonNull(relation, "relation is null");
        if (this == CLOPPER_PEARSON) {
            double epsilon = Rates.of(counts, falseAlarm).epsilon(delta);
            return new LowerBound(epsilon, delta, falseAlarm, relation, words, "");
        }
        if (delta > 0) {
            throw new IllegalArgumentException("delta must be 0 for the ratio of rates by " + words
                    + "; Clopper-Pearson takes others. " + "Provided value: " + delta);
        }
        double epsilon = Math.max(logRatio(counts, falseAlarm / 2), logRatio(counts.ofAbsence(), falseAlarm / 2));
        return new LowerBound(Math.max(0, epsilon), 0, falseAlarm, relation, words, MANY_TRIALS);
    }
}
