package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of a page, row by row; what it is given is shown as it is, whatever signs it has. */
final class HtmlTable {
    private final String caption;
    private final List<List<String>> rows = new ArrayList<>();

    HtmlTable(String caption, List<String> titles) {
        this.caption = caption;
        rows.add(List.copyOf(titles));
    }

    /** @param cells as many as titles; a line break in one breaks the line */
    void row(List<String> cells) {
        if (cells.size() != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    "a row must have " + rows.get(0).size() + " cells. Provided: " + cells.size());
        }
        rows.add(List.copyOf(cells));
    }

    String html() {
        StringBuilder html = new StringBuilder("<table><caption>" + escaped(caption) + "</caption>\n");
        for (int i = 0; i < rows.size(); i++) {
            String tag = i == 0 ? "th" : "td";
            html.append(rows.get(i).stream()
                    .map(cell -> "<" + tag + ">" + escaped(cell).replace("\n", "<br>") + "</" + tag + ">")
                    .collect(Collectors.joining("", "<tr>", "</tr>\n")));
        }
        return html.append("</table>\n").toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
