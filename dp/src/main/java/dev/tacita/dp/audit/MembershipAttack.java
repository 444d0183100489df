package dev.tacita.dp.audit;

/** An attack that tells from the losses of examples under a model which of them it was trained on. */
public interface MembershipAttack {
    /** A short name for reports. */
    String name();

    /**
     * One score for each example; the higher, the more likely the model was trained on it.
     *
     * @param losses of the examples under the model that is attacked, in the order of the attack's own knowledge of them
     */
    double[] scores(double[] losses);
}
