package dev.tacita.server;

/** Text of strangers, made fit for a log line. */
final class Printable {
    private static final int LENGTH = 300;

    private Printable() {}

    static String of(String text) {
        String head = text.length() > LENGTH ? text.substring(0, LENGTH) + "..." : text;
        return head.replaceAll("\\p{Cntrl}", "?");
    }
}
