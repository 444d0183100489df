package dev.tacita.wire;

/** Thrown if and only if another aggregator of this federation has taken over; this one must end. */
public class FencedException extends TransportException {
    private static final long serialVersionUID = 1L;

    public FencedException(String message, Throwable cause) {
        super(message, cause);
    }

    public FencedException(String message) {
        super(message);
    }
}
