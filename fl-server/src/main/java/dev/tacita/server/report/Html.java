package dev.tacita.server.report;

/** Text of strangers as HTML that shows it and does nothing else. */
final class Html {
    /** More of a text than this says nothing to a reader. */
    static final int LONGEST = 400;

    private Html() {}

    /** Escaped for element content and quoted attributes; at most {@link #LONGEST} characters of it. */
    static String text(String text) {
        return escape(plain(text));
    }

    /** Escaped, all of it. */
    static String escape(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.appendCodePoint(isShown(c) ? c : 0xFFFD);
            }
        });
        return html.toString();
    }

    /** Shortened, without what cannot be shown or turns the text around. */
    static String plain(String text) {
        String head = text.codePointCount(0, text.length()) > LONGEST
                ? text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…"
                : text;
        StringBuilder plain = new StringBuilder(head.length());
        head.codePoints().forEach(c -> plain.appendCodePoint(isShown(c) ? c : 0xFFFD));
        return plain.toString();
    }

    /** JSON that can stand in a script element: no {@code <}, {@code >} or {@code &}, and no line separators. */
    static String inScript(String json) {
        return json.replace("&", "\\u0026")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static boolean isShown(int c) {
        if (c == '\n' || c == '\t') {
            return true;
        }
        boolean turnsAround = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        boolean isNoCharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xD800 && c <= 0xDFFF) || (c >= 0xFDD0 && c <= 0xFDEF);
        return !Character.isISOControl(c) && !turnsAround && !isNoCharacter;
    }
}
