package dev.tacita.simulations;

/** Is told of each round when it is done. */
@FunctionalInterface
public interface RoundListener {
    /** Wants all rounds. */
    RoundListener ALL_ROUNDS = round -> true;

    /** Whether the run goes on; after false it ends with this round. */
    boolean goesOnAfter(SimulatedRound round);
}
