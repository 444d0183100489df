package dev.tacita.core;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/** The one rule for names that become topic names, file names and log fields. */
final class Identifiers {
    private static final Pattern RULE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private Identifiers() {}

    static void check(String kind, String value) {
        requireNonNull(value, () -> kind + " is null");
        if (!RULE.matcher(value).matches()) {
            throw new IllegalArgumentException(kind
                    + " must be 1 to 63 lower-case letters, digits and inner hyphens. Provided value: '"
                    + printable(value) + "'");
        }
    }

    private static String printable(String value) {
        String head = value.length() > 80 ? value.substring(0, 80) + "..." : value;
        return head.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    }
}
