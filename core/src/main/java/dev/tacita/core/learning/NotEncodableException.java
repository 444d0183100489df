package dev.tacita.core.learning;

/** Thrown if and only if an update cannot be represented in the fixed-point numbers of its run. */
public class NotEncodableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotEncodableException(String message) {
        super(message);
    }
}
