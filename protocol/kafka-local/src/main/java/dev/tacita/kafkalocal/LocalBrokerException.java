package dev.tacita.kafkalocal;

/** Thrown if and only if the local broker cannot start. The message is one sentence for an operator. */
public class LocalBrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LocalBrokerException(String message) {
        super(message);
    }

    public LocalBrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
