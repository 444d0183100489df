package dev.tacita.wire;

/** Thrown if and only if a log cannot be read or written. The message is one sentence for an operator. */
public class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TransportException(String message) {
        super(message);
    }

    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
