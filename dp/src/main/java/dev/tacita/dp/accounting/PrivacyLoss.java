package dev.tacita.dp.accounting;

/** What an event reveals at most, according to one accountant. */
public interface PrivacyLoss {
    /**
     * The smallest epsilon that the accountant can show at this delta; infinite where it can show none.
     *
     * @param delta from 0 to 1
     */
    Guarantee epsilon(double delta);

    /**
     * The smallest delta that the accountant can show at this epsilon.
     *
     * @param epsilon 0 or more
     */
    Guarantee delta(double epsilon);
}
