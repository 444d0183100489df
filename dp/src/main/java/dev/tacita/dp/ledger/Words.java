package dev.tacita.dp.ledger;

import static java.util.Objects.requireNonNull;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Names as words without spaces: what is no letter, digit or one of {@code . _ - *} is written as {@code %} and two digits. */
final class Words {
    private static final int LONGEST = 200;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]");

    private Words() {}

    static void check(String what, String name) {
        requireNonNull(name, () -> what + " is null");
        if (name.isBlank()
                || name.length() > LONGEST
                || UNPRINTABLE.matcher(name).find()) {
            throw new IllegalArgumentException(what + " must be 1 to " + LONGEST + " printable characters; it is '"
                    + UNPRINTABLE
                            .matcher(name.substring(0, Math.min(name.length(), LONGEST)))
                            .replaceAll("?") + "'.");
        }
    }

    static String write(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String read(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
}
