package dev.tacita.core.learning;

import java.util.List;

/** The examples of one site, split; they never leave it. */
public interface LocalDataset {
    /** What training sees. */
    Examples train();

    /** What the metrics of each round are measured on; may be empty. */
    Examples validation();

    /** What the final model is measured on; may be empty. */
    Examples test();

    /** Names of the numbers of an input, in their order; empty where they have none. */
    default List<String> features() {
        return List.of();
    }

    /**
     * Whether each example is made from its own row alone. Where rows scale or complete each other, one row changes many
     * examples, and noise that is made for one change does not hide it; runs that hide single examples are then refused.
     */
    default boolean keepsRowsApart() {
        return true;
    }
}
