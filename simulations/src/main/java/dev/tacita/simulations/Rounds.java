package dev.tacita.simulations;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.ServerState;
import java.util.Optional;
import java.util.OptionalDouble;

/** How the rounds of a run go: who trains which model when, and when the aggregator steps. For one thread. */
interface Rounds {
    /**
     * What a round came to.
     *
     * @param state after it
     * @param asked how many sites
     * @param contributions how many of them counted
     * @param training metrics of the training examples as they were seen
     * @param droppedOut how many sites did not answer
     * @param late how many missed the deadline
     * @param seconds that the round took, if the population has a clock
     * @param updateCosine between sites, as {@link UpdateCosine} has it; empty if a round has several sums
     * @param failure why the run cannot go on
     */
    record Outcome(
            ServerState state,
            int asked,
            int contributions,
            Evaluation training,
            int droppedOut,
            int late,
            OptionalDouble seconds,
            OptionalDouble updateCosine,
            Optional<String> failure) {}

    /** Does a round, counted from 1; each once, in order. */
    Outcome next(int round) throws InterruptedException;

    /** What a site keeps, by its index among all; empty if it keeps nothing. */
    float[] memory(int site);
}
