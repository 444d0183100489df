package dev.tacita.server.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of the report; cells are text, and the first of a row is its header. */
final class Table {
    private final String caption;
    private final List<Column> columns;
    private final List<String> rows = new ArrayList<>();
    private final List<String> totals = new ArrayList<>();

    private Table(String caption, List<Column> columns) {
        this.caption = caption;
        this.columns = columns;
    }

    private record Column(String name, boolean number) {}

    /** Columns of numbers have a name that starts with {@code #}. */
    static Table of(String caption, String... columns) {
        return new Table(
                caption,
                List.of(columns).stream()
                        .map(name ->
                                name.startsWith("#") ? new Column(name.substring(1), true) : new Column(name, false))
                        .toList());
    }

    Table row(String... cells) {
        rows.add(cells(cells));
        return this;
    }

    Table total(String... cells) {
        totals.add(cells(cells));
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    String html() {
        String head = columns.stream()
                .map(column -> "<th scope=\"col\"" + align(column) + ">" + Html.text(column.name) + "</th>")
                .collect(Collectors.joining());
        String foot = totals.isEmpty() ? "" : "<tfoot>" + String.join("\n", totals) + "</tfoot>";
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + Html.text(caption) + "\"><table>"
                + "<caption>" + Html.text(caption) + "</caption><thead><tr>" + head + "</tr></thead><tbody>"
                + String.join("\n", rows) + "</tbody>" + foot + "</table></div>";
    }

    private String cells(String... cells) {
        StringBuilder html = new StringBuilder("<tr>");
        for (int i = 0; i < cells.length; i++) {
            String tag = i == 0 ? "th" : "td";
            html.append('<').append(tag);
            html.append(i == 0 ? " scope=\"row\"" : "").append(align(columns.get(i)));
            html.append('>')
                    .append(Html.text(cells[i]))
                    .append("</")
                    .append(tag)
                    .append('>');
        }
        return html.append("</tr>").toString();
    }

    private static String align(Column column) {
        return column.number ? " class=\"n\"" : "";
    }
}
