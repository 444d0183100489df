package dev.tacita.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a user's secrets out of what other libraries say. */
final class Secrets {
    private static final Pattern SECRET_KEY =
            Pattern.compile(".*(password|secret|jaas|token|keystore\\.key|credential).*");
    private static final Pattern JAAS_VALUE = Pattern.compile("=\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s;]+)");
    private static final int SHORTEST = 3;

    private final List<String> values = new ArrayList<>();

    Secrets(Map<String, String> properties) {
        properties.forEach((key, value) -> {
            if (SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).matches()) {
                add(value);
                Matcher inner = JAAS_VALUE.matcher(value);
                while (inner.find()) {
                    add(unquoted(inner.group(1)));
                }
            }
        });
        values.sort(Comparator.comparingInt(String::length).reversed());
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }

    private void add(String value) {
        if (value.length() >= SHORTEST) {
            values.add(value);
        }
    }

    String hide(String text) {
        String hidden = text;
        for (String value : values) {
            hidden = hidden.replace(value, "[hidden]");
        }
        return hidden;
    }

    /** Whether a secret stands in the error or in what caused it. */
    boolean isIn(Throwable error) {
        String text = String.valueOf(error.getMessage());
        return !hide(text).equals(text) || (error.getCause() != null && isIn(error.getCause()));
    }
}
