package dev.tacita.simulations;

/** Chooses the sites of one run's rounds, in their order. For one thread. */
public interface CohortChooser {
    /**
     * The sites of a round, by index, ascending.
     *
     * @param round counted from 1; each once
     * @param reports what sites say of the model that the round starts from
     */
    int[] cohort(int round, SiteReports reports) throws InterruptedException;
}
