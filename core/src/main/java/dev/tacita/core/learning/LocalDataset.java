package dev.tacita.core.learning;

/** The examples of one site, split; they never leave it. */
public interface LocalDataset {
    /** What training sees. */
    Examples train();

    /** What the metrics of each round are measured on; may be empty. */
    Examples validation();

    /** What the final model is measured on; may be empty. */
    Examples test();
}
