package dev.tacita.engine.kernel;

/** Thrown if and only if the native matrix library computes wrong results on this processor. */
public class NativeArithmeticException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NativeArithmeticException(String message) {
        super(message);
    }
}
