package dev.tacita.simulations.spark;

/** Thrown if and only if executors could not do their work; the message says why, and on which machine if one is to blame. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterException(String message) {
        super(message);
    }

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
