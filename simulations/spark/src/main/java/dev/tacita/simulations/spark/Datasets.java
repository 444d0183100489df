package dev.tacita.simulations.spark;

import dev.tacita.client.DatasetReader;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.simulations.DataLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** Reads the data of a study as an agent reads a site's. */
final class Datasets implements DataLoader {
    @Override
    public LocalDataset load(Path schema, Optional<Path> data) {
        return data.isEmpty() ? DatasetReader.read(schema) : DatasetReader.read(schema, data.get());
    }

    @Override
    public Map<String, ? extends LocalDataset> loadBySite(Path schema, Optional<Path> data, String column) {
        return DatasetReader.readBySite(schema, data, column);
    }

    @Override
    public Map<String, SortedSet<String>> valuesBySite(
            Path schema, Optional<Path> data, String siteColumn, String column) {
        return DatasetReader.valuesBySite(schema, data, siteColumn, column);
    }
}
