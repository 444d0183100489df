package dev.tacita.simulations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table that a study wrote, read again.
 *
 * @param columns their names, in order
 * @param rows each by the names of the columns
 */
record ResultsTable(List<String> columns, List<Map<String, String>> rows) {
    ResultsTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException if there is none, or it is not such a table; with the folder
     */
    static ResultsTable read(Path folder, String name) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(folder.resolve(name));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "a folder of results must have a " + name + ". Provided value: '" + folder
                            + "'. A study writes it when its last cell has ended",
                    e);
        }
        List<String> columns = lines.isEmpty() ? List.of() : cells(lines.get(0));
        List<Map<String, String>> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            List<String> cells = cells(lines.get(i));
            if (cells.size() != columns.size()) {
                throw new IllegalArgumentException("line " + (i + 1) + " of " + folder.resolve(name) + " must have "
                        + columns.size() + " cells. Provided: " + cells.size());
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int j = 0; j < cells.size(); j++) {
                row.put(columns.get(j), cells.get(j));
            }
            rows.add(row);
        }
        return new ResultsTable(columns, rows);
    }

    /** The cells of a line; a comma within double quotes ends none. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char each = line.charAt(i);
            if (each == '"') {
                quoted = !quoted;
            } else if (each == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(each);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
