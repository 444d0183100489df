package dev.tacita.cli;

/** Thrown if and only if a part of the demonstration ended too early; the message shows what it said last. */
final class DemoFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailedException(String message) {
        super(message);
    }
}
