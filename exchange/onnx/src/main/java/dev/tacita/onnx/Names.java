package dev.tacita.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes ids of ONNX names: 1 to 64 letters, digits, hyphens and underscores, each id once. */
final class Names {
    private static final int LONGEST = 64;

    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /** Takes the first candidate that makes an id nobody has, or the first that makes one, with a number behind it. */
    String take(List<String> candidates) {
        String first = "";
        for (String candidate : candidates) {
            String id = clean(candidate);
            if (!id.isEmpty() && taken.add(id)) {
                return id;
            }
            first = first.isEmpty() ? id : first;
        }
        return numbered(first.isEmpty() ? "node" : first);
    }

    void release(String id) {
        taken.remove(id);
    }

    /** Takes this id as it is; false if it is taken. */
    boolean takeExactly(String id) {
        return taken.add(id);
    }

    private String numbered(String base) {
        for (int number = numbers.getOrDefault(base, 2); ; number++) {
            numbers.put(base, number + 1);
            String suffix = "-" + number;
            String id = base.substring(0, Math.min(base.length(), LONGEST - suffix.length())) + suffix;
            if (taken.add(id)) {
                return id;
            }
        }
    }

    private static String clean(String name) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < name.length() && id.length() < LONGEST; i++) {
            char letter = name.charAt(i);
            boolean plain = (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= '0' && letter <= '9');
            if (plain || (letter == '_' && !id.isEmpty())) {
                id.append(letter);
            } else if (!id.isEmpty()) {
                id.append('-');
            }
        }
        while (!id.isEmpty() && id.charAt(id.length() - 1) == '-' && !name.endsWith("-")) {
            id.setLength(id.length() - 1);
        }
        return id.toString();
    }
}
