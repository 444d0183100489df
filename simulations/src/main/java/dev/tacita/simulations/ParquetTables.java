package dev.tacita.simulations;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tables of a study that has ended, in another format. */
public final class ParquetTables {
    private static final List<String> NAMES = List.of("results", "sites", "summary");

    private ParquetTables() {}

    /**
     * Writes {@code results.parquet}, {@code sites.parquet} and {@code summary.parquet} beside the CSV files of the same names,
     * with the same columns and rows.
     *
     * @param folder of a study's results
     * @return the files
     * @throws IllegalArgumentException if the folder has no such tables
     * @throws IOException if the folder cannot be read or written
     */
    public static List<Path> write(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : NAMES) {
            Path file = folder.resolve(name + ".parquet");
            ResultsFolder.write(file, ParquetTable.of(ResultsTable.read(folder, name + ".csv")));
            files.add(file);
        }
        return files;
    }
}
