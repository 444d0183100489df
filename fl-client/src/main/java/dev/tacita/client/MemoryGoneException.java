package dev.tacita.client;

/** Thrown if and only if a site's contribution counted in a round, and what its algorithm kept of that round is not there. */
final class MemoryGoneException extends Exception {
    private static final long serialVersionUID = 1L;

    MemoryGoneException(int round) {
        super("this site's part of round " + round
                + " counted, and what the algorithm kept of it is not in the agent's work"
                + " folder any more; beginning anew would spoil the run");
    }
}
