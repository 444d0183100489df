package dev.tacita.cli;

import java.util.List;

/** Rows of text as lines with their cells one below the other. */
final class Columns {
    private static final String GAP = "  ";

    private Columns() {}

    /** One line for each row; all rows have the same number of cells. */
    static List<String> of(List<List<String>> rows) {
        return rows.stream().map(row -> line(row, rows)).toList();
    }

    private static String line(List<String> row, List<List<String>> rows) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            int column = i;
            int width = rows.stream()
                    .mapToInt(each -> each.get(column).length())
                    .max()
                    .orElse(0);
            line.append(row.get(i))
                    .append(" ".repeat(width - row.get(i).length()))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
