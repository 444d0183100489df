package dev.tacita.client;

import dev.tacita.client.CsvSchema.Categorical;
import dev.tacita.client.CsvSchema.Column;
import dev.tacita.client.CsvSchema.Missing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/**
 * The rows of a CSV file as its schema reads them: a number for each column (of a categorical one, the index of its
 * value), NaN where it is missing and will be filled in.
 */
final class CsvTable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final CsvSchema schema;
    private final DataProblems problems;
    private final List<List<String>> categories;

    /** One array for each row kept. */
    final List<double[]> rows = new ArrayList<>();

    /** The class index of each row kept. */
    final List<Integer> classes = new ArrayList<>();

    /** The cells of each row kept that name its site, or what else it belongs to. */
    private final List<List<String>> names = new ArrayList<>();

    /** Rows left out because a cell is missing. */
    int dropped;

    private final List<String> nameColumns;

    private CsvTable(CsvSchema schema, Path file, List<String> nameColumns) {
        this.schema = schema;
        this.nameColumns = nameColumns;
        this.problems = new DataProblems(file);
        this.categories = schema.columns().stream().map(CsvTable::categories).toList();
    }

    /** @throws dev.tacita.core.ProblemsException with all that does not fit */
    static CsvTable read(CsvSchema schema, Path file) {
        return read(schema, file, List.of());
    }

    /**
     * The rows of each site in the order of the sites' names, as they stand in a column.
     *
     * @throws dev.tacita.core.ProblemsException with all that does not fit
     */
    static SortedMap<String, CsvTable> readBySite(CsvSchema schema, Path file, String column) {
        CsvTable all = read(schema, file, List.of(column));
        SortedMap<String, CsvTable> tables = new TreeMap<>();
        for (int i = 0; i < all.rows.size(); i++) {
            CsvTable table =
                    tables.computeIfAbsent(all.names.get(i).get(0), site -> new CsvTable(schema, file, List.of()));
            table.rows.add(all.rows.get(i));
            table.classes.add(all.classes.get(i));
        }
        return tables;
    }

    /**
     * What a column says of each site's rows.
     *
     * @throws dev.tacita.core.ProblemsException with all that does not fit
     */
    static SortedMap<String, SortedSet<String>> valuesBySite(
            CsvSchema schema, Path file, String siteColumn, String column) {
        CsvTable all = read(schema, file, List.of(siteColumn, column));
        SortedMap<String, SortedSet<String>> bySite = new TreeMap<>();
        for (List<String> row : all.names) {
            bySite.computeIfAbsent(row.get(0), site -> new TreeSet<>()).add(row.get(1));
        }
        return bySite;
    }

    private static CsvTable read(CsvSchema schema, Path file, List<String> nameColumns) {
        CsvTable table = new CsvTable(schema, file, nameColumns);
        table.read(file);
        if (table.rows.isEmpty()) {
            table.problems.add(
                    "", "no row is left of " + table.dropped + ".", "Each of them lacks a cell that must be there.");
        }
        table.problems.throwIfAny();
        return table;
    }

    private static List<String> categories(Column column) {
        return column instanceof Categorical categorical
                ? categorical.values().stream().map(Cells::canonical).toList()
                : List.of();
    }

    private void read(Path file) {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                .setSkipHeaderRecord(true)
                .setIgnoreSurroundingSpaces(true)
                .setIgnoreEmptyLines(true)
                .setTrim(true)
                .get();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            skipByteOrderMark(reader);
            CSVParser parser = parser(reader, format, file);
            checkHeader(parser.getHeaderNames());
            problems.throwIfAny();
            for (CSVRecord row : parser) {
                add(row, parser.getCurrentLineNumber());
            }
            if (rows.isEmpty() && dropped == 0) {
                problems.add("", "the file has no row.");
            }
            problems.throwIfAny();
        } catch (CharacterCodingException e) {
            throw DataProblems.of(file, "the file must be UTF-8 text.");
        } catch (IOException | UncheckedIOException e) {
            throw DataProblems.of(file, reason(file, e));
        }
    }

    private static CSVParser parser(BufferedReader reader, CSVFormat format, Path file) throws IOException {
        try {
            return CSVParser.parse(reader, format);
        } catch (IllegalArgumentException e) {
            throw DataProblems.of(file, "the first line must name each column once.");
        }
    }

    private static String reason(Path file, Exception e) {
        if (e instanceof CSVException || e.getCause() instanceof CSVException) {
            return "the file is not CSV: a quote is not closed or stands in the wrong place.";
        }
        if (e instanceof UncheckedIOException && e.getCause() instanceof CharacterCodingException) {
            return "the file must be UTF-8 text.";
        }
        return Files.exists(file) ? "the file cannot be read." : "there is no such file.";
    }

    private static void skipByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    private void checkHeader(List<String> header) {
        if (header.isEmpty()) {
            problems.add("", "the file is empty.");
            return;
        }
        var known = new TreeSet<>(schema.ignored());
        known.add(schema.target().column());
        schema.columns().forEach(column -> known.add(column.name()));
        known.addAll(nameColumns);
        for (String name : known) {
            if (!header.contains(name)) {
                problems.add("line 1", "column '" + name + "' of the schema is not in the file.");
            }
        }
        for (String name : header) {
            if (!known.contains(name)) {
                problems.add(
                        "line 1",
                        "column " + Cells.shown(name) + " of the file is not in the schema.",
                        "List it as ignored if it is not to be used.");
            }
        }
    }

    private void add(CSVRecord row, long line) {
        if (!row.isConsistent()) {
            problems.add(
                    "line " + line,
                    "the row has " + row.size() + " cells; the first line has "
                            + row.getParser().getHeaderNames().size() + ".");
            return;
        }
        double[] values = new double[schema.columns().size()];
        boolean drop = false;
        for (int i = 0; i < values.length; i++) {
            Column column = schema.columns().get(i);
            values[i] = value(column, row.get(column.name()), i, line);
            drop |= column.missing() == Missing.DROP_ROW && isMissing(row.get(column.name()));
        }
        String cell = row.get(schema.target().column());
        int target = isMissing(cell) ? -1 : target(cell, line);
        if (drop || target < 0) {
            dropped++;
        } else {
            rows.add(values);
            classes.add(target);
            names.add(nameColumns.stream().map(row::get).toList());
        }
    }

    private boolean isMissing(String cell) {
        return schema.missingTokens().contains(cell);
    }

    private double value(Column column, String cell, int index, long line) {
        if (isMissing(cell)) {
            return Double.NaN;
        }
        String place = "line " + line + " column '" + column.name() + "'";
        if (column instanceof Categorical categorical) {
            int category = categories.get(index).indexOf(Cells.canonical(cell));
            if (category < 0) {
                problems.add(
                        place,
                        "must be one of " + String.join(", ", categorical.values()) + ". Provided value: "
                                + Cells.shown(cell) + ".");
            }
            return category;
        }
        double value = Cells.number(cell);
        if (Double.isNaN(value)) {
            problems.add(place, "must be a number. Provided value: " + Cells.shown(cell) + ".");
        }
        return value;
    }

    private int target(String cell, long line) {
        List<TargetClass> known = schema.target().classes();
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).matches(cell)) {
                return i;
            }
        }
        problems.add(
                "line " + line + " column '" + schema.target().column() + "'",
                "must belong to one of the classes "
                        + String.join(
                                ", ", known.stream().map(TargetClass::name).toList()) + ". Provided value: "
                        + Cells.shown(cell) + ".");
        return -1;
    }
}
