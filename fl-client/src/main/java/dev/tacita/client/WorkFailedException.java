package dev.tacita.client;

/** Thrown if and only if a site cannot answer a round. */
final class WorkFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    WorkFailedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    WorkFailedException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    /** Why; may leave the site, so it says nothing of its data. */
    String reason() {
        return reason;
    }
}
