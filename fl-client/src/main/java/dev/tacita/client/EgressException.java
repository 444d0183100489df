package dev.tacita.client;

/** Thrown if and only if what is about to leave a site cannot be noted, so that it must not leave. */
public class EgressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EgressException(String message) {
        super(message);
    }

    public EgressException(String message, Throwable cause) {
        super(message, cause);
    }
}
