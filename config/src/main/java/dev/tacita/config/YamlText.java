package dev.tacita.config;

import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Pattern;

/** Texts and numbers in their one written form. */
public final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z](?:[A-Za-z0-9 _./-]*[A-Za-z0-9])?");
    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off");

    private YamlText() {}

    /** Without quotes where no reader of YAML can mistake it. */
    public static String quoted(String text) {
        if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT))) {
            return text;
        }
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c >= 0x20 && c < 0x7f) {
                out.append((char) c);
            } else {
                out.append(String.format("\\U%08x", c));
            }
        });
        return out.append('"').toString();
    }

    /** The shortest text that reads as the same number. */
    public static String number(double value) {
        if (value == 0) {
            return Double.compare(value, 0) == 0 ? "0" : "-0.0";
        }
        String plain = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        return plain.length() <= 12 ? plain : Double.toString(value);
    }
}
