package dev.tacita.server;

/** Thrown if and only if a run cannot do what was asked where it stands, such as go on when it is not paused. */
public class RunStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message is one sentence for an operator. */
    public RunStateException(String message) {
        super(message);
    }
}
