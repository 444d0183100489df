package dev.tacita.dp.accounting;

/** Which two data sets a guarantee holds them apart: without it an epsilon means nothing. */
public enum NeighbouringRelation {
    /** One has a record more than the other. What Poisson sampling is accounted for. */
    ADD_OR_REMOVE_ONE("add or remove one"),
    /** Both have the same size and differ in one record. What sampling of a fixed size is accounted for. */
    REPLACE_ONE("replace one"),
    /**
     * Both have the same size, and a record of one is empty in the other: it adds nothing to a sum (Kairouz et al. 2021,
     * definition 1.1). What steps in a fixed order, such as those of DP-FTRL, are accounted for.
     */
    ZERO_OUT_ONE("zero out one");

    private final String words;

    NeighbouringRelation(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
