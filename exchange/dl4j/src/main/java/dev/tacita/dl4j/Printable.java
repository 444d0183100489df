package dev.tacita.dl4j;

/** Names from a file as they may be shown. */
final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    static String of(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), LONGEST); i++) {
            char letter = name.charAt(i);
            boolean odd = Character.isISOControl(letter)
                    || Character.isSurrogate(letter)
                    || Character.getType(letter) == Character.FORMAT
                    || letter == '\u2028'
                    || letter == '\u2029';
            text.append(odd ? '?' : letter);
        }
        return name.length() > LONGEST ? text + "..." : text.toString();
    }
}
