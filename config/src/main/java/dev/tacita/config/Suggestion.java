package dev.tacita.config;

import java.util.Collection;
import java.util.Comparator;

/** "Did you mean". */
final class Suggestion {
    private static final int LONGEST = 40;

    private Suggestion() {}

    /** One sentence: the known word nearest to this one, or else all of them; empty if there are none. */
    static String of(String word, Collection<String> known) {
        if (known.isEmpty()) {
            return "";
        }
        if (word.length() <= LONGEST) {
            String nearest = known.stream()
                    .min(Comparator.comparingInt(each -> distance(word, each)))
                    .orElseThrow();
            if (distance(word, nearest) <= Math.max(1, Math.max(word.length(), nearest.length()) / 3)) {
                return "Did you mean '" + nearest + "'?";
            }
        }
        return "Known here: " + String.join(", ", known) + ".";
    }

    /** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int cost = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1)) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + cost, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
