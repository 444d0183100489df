package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of text and tables in one HTML file, in the style of a run's report. It asks nothing of the network, runs no script,
 * and shows all text that it is given as text.
 */
public final class Page {
    private final String kicker;
    private final String title;
    private final StringBuilder body = new StringBuilder();
    private int sections;

    /**
     * An empty page.
     *
     * @param kicker what kind of page it is
     * @param title what it is about
     */
    public Page(String kicker, String title) {
        this.kicker = requireNonNull(kicker, "kicker is null");
        this.title = requireNonNull(title, "title is null");
    }

    /** Starts a section. */
    public Page section(String heading) {
        if (sections++ > 0) {
            body.append("</section>\n");
        }
        body.append("<section><h2>").append(Html.text(heading)).append("</h2>\n");
        return this;
    }

    /** Adds a paragraph. */
    public Page paragraph(String text) {
        body.append("<p>").append(Html.escape(text)).append("</p>\n");
        return this;
    }

    /** Adds a paragraph that explains what stands beside it. */
    public Page note(String text) {
        body.append("<p class=\"note\">").append(Html.escape(text)).append("</p>\n");
        return this;
    }

    /**
     * Adds a table.
     *
     * @param columns their names; those of numbers start with {@code #}
     * @param rows of as many cells; the first of a row is its header
     */
    public Page table(String caption, List<String> columns, List<List<String>> rows) {
        Table table = Table.of(caption, columns.toArray(String[]::new));
        rows.forEach(row -> table.row(row.toArray(String[]::new)));
        body.append(table.html()).append('\n');
        return this;
    }

    /** The file, as UTF-8. */
    public byte[] html() {
        List<String> html = new ArrayList<>();
        String style = ReportPage.resource("report.css");
        html.add("<!DOCTYPE html>");
        html.add("<html lang=\"en\"><head><meta charset=\"utf-8\"/>");
        html.add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
                + "base-uri 'none'; form-action 'none'; style-src " + ReportPage.source(style) + "\"/>");
        html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        html.add("<meta name=\"color-scheme\" content=\"light dark\"/><meta name=\"robots\" content=\"noindex\"/>");
        html.add("<link rel=\"icon\" href=\"data:,\"/>");
        html.add("<title>" + Html.text(title) + " – " + Html.text(kicker) + "</title>");
        html.add("<style>" + style + "</style></head><body><header>");
        html.add("<p class=\"kicker\">" + Html.text(kicker) + "</p>");
        html.add("<h1><bdi>" + Html.text(title) + "</bdi></h1></header><main>");
        html.add(body + (sections > 0 ? "</section>" : "") + "</main></body></html>\n");
        return String.join("\n", html).getBytes(StandardCharsets.UTF_8);
    }
}
