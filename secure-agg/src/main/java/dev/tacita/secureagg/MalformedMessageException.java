package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

/** Thrown if and only if bytes are not a message of this protocol in a version that is known. */
public class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The rule that was broken. */
    public enum Reason {
        /** Does not begin with the letters of this protocol. */
        NOT_OURS,
        /** A version that is not known. */
        UNKNOWN_VERSION,
        /** A kind that is not known. */
        UNKNOWN_KIND,
        /** Ends too early. */
        TRUNCATED,
        /** Goes on after its end. */
        TRAILING_BYTES,
        /** A field that cannot have this value. */
        BAD_FIELD
    }

    private final Reason reason;

    MalformedMessageException(Reason reason, String message) {
        super(message);
        this.reason = requireNonNull(reason, "reason is null");
    }

    MalformedMessageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = requireNonNull(reason, "reason is null");
    }

    /** The rule that was broken. */
    public Reason reason() {
        return reason;
    }
}
