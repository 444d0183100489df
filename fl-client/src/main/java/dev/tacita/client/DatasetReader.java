package dev.tacita.client;

import static dev.tacita.config.Kinds.choice;

import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.config.YamlFile;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * The front door to a site's data: a schema file says what the data looks like ({@code kind: csv}, {@code idx},
 * {@code cifar-10} or {@code png}), and where it is, unless the caller does.
 */
public final class DatasetReader {
    private static final Map<String, Function<Section, Value<? extends DatasetSchema>>> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("csv", CsvSchemaReader::read);
        KINDS.put("idx", ImageSchemaReader::idx);
        KINDS.put("cifar-10", ImageSchemaReader::cifar10);
        KINDS.put("png", ImageSchemaReader::png);
    }

    private DatasetReader() {}

    /**
     * The schema alone.
     *
     * @throws ProblemsException with every problem of the schema file
     */
    public static DatasetSchema schema(Path schemaFile) {
        return YamlFile.read(schemaFile, DatasetReader::schema);
    }

    /**
     * The data that the schema file names.
     *
     * @throws ProblemsException with every problem of the schema file, or else of the data
     */
    public static SiteDataset read(Path schemaFile) {
        DatasetSchema schema = schema(schemaFile);
        Path data = schema.data()
                .orElseThrow(() -> new ProblemsException(
                        schemaFile.toString(),
                        List.of(new Problem(
                                schemaFile + " data",
                                "a value is required; there is no default.",
                                "Name the file or folder that holds the data."))));
        return schema.load(data);
    }

    /**
     * The data in this file or folder, wherever the schema file says it is.
     *
     * @throws ProblemsException with every problem of the schema file, or else of the data
     */
    public static SiteDataset read(Path schemaFile, Path data) {
        return schema(schemaFile).load(data);
    }

    /**
     * What a column of one CSV file says of the rows of each site.
     *
     * @param data the file, if not where the schema file says
     * @param siteColumn in which each row names its site
     * @param column of the schema's, or ignored by it
     * @return its values, by the name of the site
     * @throws ProblemsException with every problem of the schema file, or else of the data
     * @throws IllegalArgumentException if the schema is of another kind, or nobody names the file
     */
    public static SortedMap<String, SortedSet<String>> valuesBySite(
            Path schemaFile, Optional<Path> data, String siteColumn, String column) {
        DatasetSchema schema = schema(schemaFile);
        Optional<Path> place = data.or(schema::data);
        if (!(schema instanceof CsvSchema csv) || place.isEmpty()) {
            throw new IllegalArgumentException("a column needs a CSV file that the study or its schema names. Provided"
                    + " value: '" + column + "' of " + (place.isEmpty() ? "no file" : "another kind of data"));
        }
        return CsvTable.valuesBySite(csv, place.get(), siteColumn, column);
    }

    /**
     * The data of several sites whose rows lie in one CSV file.
     *
     * @param data the file, if not where the schema file says
     * @param column in which each row names its site
     * @return by the name in the column
     * @throws ProblemsException with every problem of the schema file, or else of the data
     * @throws IllegalArgumentException if the schema is of another kind, or nobody names the file
     */
    public static Map<String, SiteDataset> readBySite(Path schemaFile, Optional<Path> data, String column) {
        DatasetSchema schema = schema(schemaFile);
        Optional<Path> place = data.or(schema::data);
        if (!(schema instanceof CsvSchema csv) || place.isEmpty()) {
            throw new IllegalArgumentException("sites-by needs a CSV file that the study or its schema names. Provided"
                    + " value: '" + column + "' of " + (place.isEmpty() ? "no file" : "another kind of data"));
        }
        return csv.loadBySite(place.get(), column);
    }

    private static Value<DatasetSchema> schema(Section root) {
        Value<Function<Section, Value<? extends DatasetSchema>>> kind = root.required("kind", choice(KINDS));
        if (!kind.isReadable()) {
            root.ignoreUnknownKeys();
        }
        return root.create(() -> kind.get().apply(root).get());
    }
}
