package dev.tacita.client;

import java.nio.file.Path;
import java.util.Optional;

/** What a site's data looks like, read from a schema file. It holds no data itself. */
public sealed interface DatasetSchema permits Cifar10Schema, CsvSchema, IdxSchema, PngFolderSchema {
    /** The name under which the site offers the data. */
    String name();

    /** Where the data is, if the schema file says so. */
    Optional<Path> data();

    /**
     * Reads the data.
     *
     * @param data the file or folder
     * @throws dev.tacita.core.ProblemsException with all that is wrong with the data
     */
    SiteDataset load(Path data);
}
