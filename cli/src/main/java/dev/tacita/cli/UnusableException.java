package dev.tacita.cli;

/** Thrown if and only if what the user gave on the command line cannot be used; the message says why and what to do. */
final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
        super(message);
    }
}
