package dev.tacita.secureagg;

/** What became of a message that the aggregator received; only {@link #COUNTED} changes anything. */
public enum Reception {
    /** It is the site's word in this stage. */
    COUNTED,
    /** The site has spoken in this stage. */
    REPEATED,
    /** Its stage is over; a late masked input is never added. */
    LATE,
    /** Its stage has not begun. */
    EARLY,
    /** It belongs to other terms or other keys. */
    WRONG_CONTEXT,
    /** From a site that is not asked in this stage. */
    NOT_ASKED,
    /** Not by the key that the registry has for the site. */
    BAD_SIGNATURE,
    /** A key, a share, a vector or an answer that is not as it must be. */
    BAD_CONTENT
}
