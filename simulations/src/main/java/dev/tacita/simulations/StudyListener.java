package dev.tacita.simulations;

/** Is told how a study goes; from one thread. */
public interface StudyListener {
    /** Wants to know nothing. */
    StudyListener SILENT = new StudyListener() {};

    /** A round is done. */
    default void done(Cell cell, SimulatedRound round) {}

    /** A cell is done, now or by an earlier start. */
    default void done(CellResult result, boolean before) {}
}
