package dev.tacita.simulations;

import dev.tacita.core.learning.LocalDataset;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the data that a study names. */
@FunctionalInterface
public interface DataLoader {
    /**
     * The dataset of a schema file.
     *
     * @param schema what the data looks like
     * @param data where it is, if not where the schema says
     * @throws dev.tacita.core.ProblemsException with every problem
     */
    LocalDataset load(Path schema, Optional<Path> data);
}
