package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

/**
 * Thrown if and only if an attempt cannot give a sum. Nothing of any contribution is known then: what was collected is
 * gone, and another attempt needs fresh keys.
 */
public class AggregationFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Too few sites answered in a stage. */
        TOO_FEW_SITES,
        /** Too few hold shares of a site's secret. */
        TOO_FEW_SHARES,
        /** Shares that do not belong together: a site has lied. */
        INCONSISTENT_SHARES
    }

    private final Reason reason;

    AggregationFailedException(Reason reason, String message) {
        super(message);
        this.reason = requireNonNull(reason, "reason is null");
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
