package dev.tacita.core.learning;

/** What the aggregator, together with the sites that collude with it, is assumed to do; each is weaker than the next. */
public enum Adversary {
    /** Follows the protocol, and learns what it can from all that it and the colluding sites see. */
    CURIOUS,
    /** Hands the keys on as they are, and from then on does what it likes. */
    SEMI_MALICIOUS,
    /** Does what it likes from the beginning. */
    ACTIVE;

    /**
     * The fewest shares that may give a secret back where everyone shares with everyone: above (sites + corrupted) / 2 unless
     * it follows the protocol, so that no secret is given back together with another (Bonawitz et al. 2017, section 6.2).
     *
     * @param sites how many share
     * @param corrupted how many of them help the aggregator
     */
    public int leastThreshold(int sites, int corrupted) {
        return Math.max(2, this == CURIOUS ? corrupted + 1 : (sites + corrupted) / 2 + 1);
    }
}
