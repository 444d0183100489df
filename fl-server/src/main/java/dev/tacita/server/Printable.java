package dev.tacita.server;

/** Text of strangers, made fit for a log line and for the journal. */
final class Printable {
    /** The longest text, in bytes of UTF-8. */
    static final int MOST_BYTES = 300;

    private static final String CUT = "...";

    private Printable() {}

    /** The text without control characters and halves of characters, cut to {@link #MOST_BYTES}. */
    static String of(String text) {
        StringBuilder head = new StringBuilder();
        int bytes = 0;
        int fits = 0;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = printable(text.codePointAt(i));
            bytes += bytes(character);
            if (bytes > MOST_BYTES) {
                return head.substring(0, fits) + CUT;
            }
            head.appendCodePoint(character);
            if (bytes <= MOST_BYTES - CUT.length()) {
                fits = head.length();
            }
        }
        return head.toString();
    }

    private static int printable(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL || type == Character.SURROGATE ? '?' : character;
    }

    private static int bytes(int character) {
        if (character < 0x80) {
            return 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }
}
