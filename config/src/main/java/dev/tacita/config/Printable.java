package dev.tacita.config;

/** Text of unknown origin, fit for one line of a message or a terminal. */
final class Printable {
    private static final int LENGTH = 60;

    private Printable() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LENGTH).forEach(c -> out.appendCodePoint(isPrintable(c) ? c : '?'));
        return text.codePointCount(0, text.length()) > LENGTH
                ? out.append("...").toString()
                : out.toString();
    }

    static boolean isPrintable(String text) {
        return text.codePoints().allMatch(Printable::isPrintable);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
