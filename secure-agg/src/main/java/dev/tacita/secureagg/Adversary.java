package dev.tacita.secureagg;

/** What the aggregator, together with the sites that collude with it, is assumed to do; each is weaker than the next. */
public enum Adversary {
    /** Follows the protocol, and learns what it can from all that it and the colluding sites see. */
    CURIOUS,
    /** Hands the keys on as they are, and from then on does what it likes. */
    SEMI_MALICIOUS,
    /** Does what it likes from the beginning. */
    ACTIVE
}
