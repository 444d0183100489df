package dev.tacita.wire;

/** The stages of a round under secure aggregation, in their order, by what sites send in them. */
public enum Stage {
    /** Fresh public keys, signed. */
    KEYS,
    /** Shares of secrets, each encrypted to its holder. */
    SHARES,
    /** Masked contributions. */
    INPUTS,
    /** Signatures over the list of those who contributed. */
    SIGNATURES,
    /** The shares that take the masks off the sum, sealed to the aggregator. */
    ANSWERS;

    /**
     * The one after it.
     *
     * @throws IllegalStateException of the last
     */
    public Stage next() {
        return switch (this) {
            case KEYS -> SHARES;
            case SHARES -> INPUTS;
            case INPUTS -> SIGNATURES;
            case SIGNATURES -> ANSWERS;
            case ANSWERS -> throw new IllegalStateException("there is no stage after " + this);
        };
    }
}
