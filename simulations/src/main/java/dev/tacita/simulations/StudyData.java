package dev.tacita.simulations;

import dev.tacita.core.learning.LocalDataset;

/** The data of a study. */
sealed interface StudyData {
    /** One set of rows. */
    record ToBeDealt(LocalDataset rows) implements StudyData {}

    /** Sites as they are. */
    record OfSites(Population population) implements StudyData {}
}
