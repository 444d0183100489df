package dev.tacita.dp.ledger;

/**
 * Thrown if and only if it is not sure that an entry is on the disk: nothing may be revealed on the strength of it, and the
 * ledger takes no more entries until it is opened again.
 */
public final class LedgerWriteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerWriteException(String message) {
        super(message);
    }

    LedgerWriteException(String message, Throwable cause) {
        super(message, cause);
    }
}
