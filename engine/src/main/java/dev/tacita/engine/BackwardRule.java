package dev.tacita.engine;

/**
 * What happens at each operation when a signal travels back over a tape, from the last operation to the first: how it
 * reaches the inputs and what is collected on the way.
 */
interface BackwardRule {
    /** Called once for each operation; the signal at its output is complete. */
    void visit(Operation operation, Tape tape);
}
