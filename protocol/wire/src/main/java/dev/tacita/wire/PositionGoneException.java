package dev.tacita.wire;

/** Thrown if and only if a reader's place is no longer kept, or was never there. */
public class PositionGoneException extends TransportException {
    private static final long serialVersionUID = 1L;

    public PositionGoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
