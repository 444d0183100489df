package dev.tacita.server;

/** Thrown if and only if an aggregator could not be reached over HTTP, or refused a request. */
public class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * With one sentence for an operator.
     *
     * @param status the HTTP status; 0 if there was no answer
     */
    public ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status; 0 if there was no answer. */
    public int status() {
        return status;
    }
}
