package dev.tacita.cli;

import dev.tacita.client.CsvSchema;
import dev.tacita.client.DatasetReader;
import dev.tacita.client.DatasetSchema;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.simulations.DataLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** Reads the data of a study: where the study says, or at the same place below another folder. */
final class StudyFiles implements DataLoader {
    private final Path study;
    private final Optional<Path> folder;

    /** @param folder in which data lies that is named relative to the study's */
    StudyFiles(Path study, Optional<Path> folder) {
        this.study = study;
        this.folder = folder;
    }

    @Override
    public LocalDataset load(Path schema, Optional<Path> named) {
        return named.isEmpty() ? DatasetReader.read(schema) : DatasetReader.read(schema, place(named.get()));
    }

    @Override
    public Map<String, LocalDataset> loadBySite(Path schema, Optional<Path> named, String column) {
        DatasetSchema read = DatasetReader.schema(schema);
        Optional<Path> place = named.map(this::place).or(read::data);
        if (!(read instanceof CsvSchema csv) || place.isEmpty()) {
            throw new IllegalArgumentException("sites-by needs a CSV file that the study or its schema names. Provided"
                    + " value: '" + column + "' of " + (place.isEmpty() ? "no file" : "another kind of data"));
        }
        return new LinkedHashMap<>(csv.loadBySite(place.get(), column));
    }

    @Override
    public Map<String, SortedSet<String>> valuesBySite(
            Path schema, Optional<Path> named, String siteColumn, String column) {
        return DatasetReader.valuesBySite(schema, named.map(this::place), siteColumn, column);
    }

    private Path place(Path named) {
        Path beside = study.toAbsolutePath().normalize().getParent();
        return (folder.isPresent() && beside != null ? folder.get().resolve(beside.relativize(named)) : named)
                .normalize();
    }
}
