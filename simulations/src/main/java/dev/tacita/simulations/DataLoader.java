package dev.tacita.simulations;

import dev.tacita.core.learning.LocalDataset;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

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

    /**
     * The datasets of the sites whose rows lie in one file.
     *
     * @param column in which each row names its site
     * @return by the name in the column
     * @throws dev.tacita.core.ProblemsException with every problem
     * @throws IllegalArgumentException if this loader, or this kind of data, has no columns
     */
    default Map<String, ? extends LocalDataset> loadBySite(Path schema, Optional<Path> data, String column) {
        throw new IllegalArgumentException(
                "sites-by needs a table with columns. Provided value: '" + column + "' of data without");
    }

    /**
     * What a column says of the rows of each site in one file.
     *
     * @param siteColumn in which each row names its site
     * @return its values, by the name of the site
     * @throws dev.tacita.core.ProblemsException with every problem
     * @throws IllegalArgumentException if this loader, or this kind of data, has no columns
     */
    default Map<String, SortedSet<String>> valuesBySite(
            Path schema, Optional<Path> data, String siteColumn, String column) {
        throw new IllegalArgumentException(
                "regions-by needs a table with columns. Provided value: '" + column + "' of data without");
    }

    /**
     * The same of data that a study names beside itself and that lies at the same place below another folder.
     *
     * @param folder where it lies; empty if it is where the study says
     */
    static DataLoader elsewhere(Path study, Optional<Path> folder, DataLoader loader) {
        Path beside = study.toAbsolutePath().normalize().getParent();
        UnaryOperator<Path> place =
                named -> (folder.isPresent() && beside != null ? folder.get().resolve(beside.relativize(named)) : named)
                        .normalize();
        return new DataLoader() {
            @Override
            public LocalDataset load(Path schema, Optional<Path> data) {
                return loader.load(schema, data.map(place));
            }

            @Override
            public Map<String, ? extends LocalDataset> loadBySite(Path schema, Optional<Path> data, String column) {
                return loader.loadBySite(schema, data.map(place), column);
            }

            @Override
            public Map<String, SortedSet<String>> valuesBySite(
                    Path schema, Optional<Path> data, String siteColumn, String column) {
                return loader.valuesBySite(schema, data.map(place), siteColumn, column);
            }
        };
    }
}
