package dev.tacita.config;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random damage to a text. */
final class Mutations {
    private static final List<String> FRAGMENTS = List.of(
            "&a",
            "*a",
            "!!java.net.URL",
            "<<: ",
            "---\n",
            "...\n",
            "%YAML 99999999999999999999.9\n",
            "\t",
            "\u0000",
            "\ud800",
            "\u202e",
            "[",
            "]",
            "{",
            "}",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            "? ",
            ": ",
            "- ",
            "|",
            ">9",
            "'",
            "\"",
            "\"\\uD800\"",
            "99999999999999999999",
            "-1",
            "1e999",
            ".nan",
            "0x7f",
            "2147483647",
            "null",
            "~",
            "",
            "#",
            "\n",
            "\r",
            "\u2028",
            "@",
            "`",
            "\"\\x",
            "true",
            "9223372036854775807h",
            "nodes: []\n",
            "sites: 0\n");

    private Mutations() {}

    static String mutate(String text, RandomGenerator random) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(out.length());
            int end = Math.min(out.length(), at + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> out.delete(at, end);
                case 1 -> out.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                case 2 -> out.replace(at, end, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                case 3 -> out.setCharAt(at, (char) random.nextInt(0x10000));
                case 4 -> out.setCharAt(at, (char) (32 + random.nextInt(95)));
                default -> swapLines(out, random);
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static void swapLines(StringBuilder text, RandomGenerator random) {
        List<String> lines = new java.util.ArrayList<>(text.toString().lines().toList());
        java.util.Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
        text.setLength(0);
        text.append(String.join("\n", lines));
    }
}
