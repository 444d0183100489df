package dev.tacita.client;

/** Thrown if and only if a trainer's update is not of the size of the model. */
final class UnfitUpdateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnfitUpdateException(int values, int parameters) {
        this("the trainer's update has " + values + " values; the model has " + parameters + " parameters");
    }

    private UnfitUpdateException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** One sentence that may leave the site. */
    String reason() {
        return reason;
    }
}
