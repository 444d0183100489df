package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

/** Thrown if and only if bytes or a message from a peer break the protocol; never fatal to the receiver. */
public class RefusedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The rule that was broken; each is counted on its own. */
    public enum Reason {
        /** Not an envelope of this protocol at all. */
        NOT_A_MESSAGE,
        /** Ends before its end, or has bytes after it. */
        TRUNCATED,
        /** Larger than any message may be. */
        OVERSIZE,
        /** A kind of message that this side does not know. */
        UNKNOWN_KIND,
        /** A version of a message that this side does not know. */
        UNKNOWN_VERSION,
        /** A header that cannot be read, or with a value out of range. */
        MALFORMED,
        /** Bytes that do not have the announced SHA-256. */
        WRONG_HASH,
        /** Another number or type of elements than the model has. */
        WRONG_SHAPE,
        /** A value that is not a number, or beyond the encoding's limit. */
        NOT_ENCODABLE,
        /** Counted, or announced, before. */
        DUPLICATE,
        /** For a round or attempt that is over. */
        STALE,
        /** After the deadline. */
        LATE,
        /** For a run that is not known or not running. */
        UNKNOWN_RUN,
        /** From a site that was not asked. */
        NOT_IN_COHORT,
        /** A chunk without its header, or out of its order. */
        OUT_OF_ORDER,
        /** Not protected as the plan says. */
        WRONG_PROTECTION
    }

    private final Reason reason;

    public RefusedMessageException(Reason reason, String message) {
        super(message);
        this.reason = requireNonNull(reason, "reason is null");
    }

    public RefusedMessageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = requireNonNull(reason, "reason is null");
    }

    /** The rule that was broken. */
    public Reason reason() {
        return reason;
    }
}
