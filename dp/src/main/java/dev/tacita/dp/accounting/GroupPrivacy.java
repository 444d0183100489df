package dev.tacita.dp.accounting;

/** What an event reveals of several records at once, such as all records of one person, if each by itself is protected. */
public final class GroupPrivacy {
    private static final double FIRST = 1e-4;
    private static final double RATIO = 1.1;
    private static final double LAST = 1e5;
    private static final int HALVINGS = 60;

    private GroupPrivacy() {}

    /**
     * The loss of groups of so many records: (epsilon, delta) for one record is (k epsilon, delta (exp(k epsilon) - 1) / (exp(epsilon) - 1))
     * for k of them (Vadhan 2017, lemma 2.2).
     *
     * @param one the loss of one record
     * @param records how many records one person has at most, 1 or more
     */
    public static PrivacyLoss of(PrivacyLoss one, int records) {
        Ranges.atLeastOne("The number of records of a group", records);
        return new GroupLoss(one, records);
    }

    private record GroupLoss(PrivacyLoss one, int records) implements PrivacyLoss {
        @Override
        public Guarantee epsilon(double delta) {
            Ranges.fraction("Delta", delta);
            double low = 0;
            double high = 0;
            while (delta(high, one.delta(high)) > delta) {
                low = high;
                high = Math.max(FIRST, RATIO * high);
                if (high > LAST) {
                    return named(one.delta(0), delta == 1 ? 0 : Double.POSITIVE_INFINITY, delta);
                }
            }
            for (int i = 0; i < HALVINGS && high - low > 1e-12 * high; i++) {
                double middle = 0.5 * (low + high);
                if (delta(middle, one.delta(middle)) > delta) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return named(one.delta(high), records * high, delta);
        }

        @Override
        public Guarantee delta(double epsilon) {
            Ranges.atLeastZero("Epsilon", epsilon);
            Guarantee single = one.delta(epsilon / records);
            return named(single, epsilon, Math.min(1, delta(epsilon / records, single)));
        }

        private double delta(double epsilon, Guarantee single) {
            double copies = epsilon == 0 ? records : Math.expm1(records * epsilon) / Math.expm1(epsilon);
            return single.delta() == 0 ? 0 : single.delta() * copies;
        }

        private Guarantee named(Guarantee single, double epsilon, double delta) {
            String method = single.method() + ", groups of " + records;
            return new Guarantee(epsilon, delta, single.relation(), single.accountant(), method, single.bound());
        }
    }
}
