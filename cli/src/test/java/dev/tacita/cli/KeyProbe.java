package dev.tacita.cli;

import dev.tacita.core.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out what a reader of files asks for. It changes a good file at one place after the other, has it read, and
 * learns from the problems: beside a key that it does not know, a reader names those that it does.
 */
final class KeyProbe {
    private static final String STRANGER = "stranger-".repeat(5) + "key";
    private static final Pattern KNOWN = Pattern.compile("Known here: (.*)\\.");
    private static final Pattern CHOICE = Pattern.compile("must be one of ([a-z0-9-]+(?:, [a-z0-9-]+)*)\\. .*");

    private final Function<Object, List<Problem>> reader;
    private final Set<String> asked = new TreeSet<>();
    private final Set<String> offered = new TreeSet<>();
    private final Set<String> words = new TreeSet<>();
    private final Map<String, Boolean> needed = new TreeMap<>();

    /** @param reader says what is wrong with a file that was changed */
    KeyProbe(Function<Object, List<Problem>> reader) {
        this.reader = reader;
    }

    /** Learns from one more good file: maps, lists and scalars. */
    void learn(Object file) {
        visit(file, "", replacement -> replacement);
    }

    /** The paths of the keys of all sections that the files have. */
    Set<String> asked() {
        return asked;
    }

    /** The paths of all that a file may say instead of something that it says: a layer, and the keys of that layer. */
    Set<String> offered() {
        return offered;
    }

    /** All words that stand for a value. */
    Set<String> words() {
        return words;
    }

    /** The paths of the keys that the files have, and whether one is missed when it is taken away. */
    Map<String, Boolean> needed() {
        return needed;
    }

    private void visit(Object value, String path, UnaryOperator<Object> whole) {
        if (value instanceof Map<?, ?> map) {
            visitMap(copy(map), path, whole);
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                int index = i;
                visit(list.get(i), path, replacement -> whole.apply(with(list, index, replacement)));
            }
        } else {
            choices(reader.apply(whole.apply(Map.of(STRANGER, 1, STRANGER + 2, 1))))
                    .ifPresent(choices -> tryAll(choices, path, whole));
        }
    }

    private void visitMap(Map<String, Object> map, String path, UnaryOperator<Object> whole) {
        List<Problem> problems = reader.apply(whole.apply(with(map, STRANGER, 1)));
        Optional<List<String>> known = known(problems);
        Optional<List<String>> choices = choices(problems);
        known.ifPresent(keys -> keys.forEach(key -> asked.add(below(path, key))));
        choices.ifPresent(names -> tryAll(names, path, whole));
        map.forEach((key, child) -> {
            String place = below(path, known.isPresent() || choices.isPresent() ? key : "*");
            if (known.isPresent()) {
                Map<String, Object> without = new LinkedHashMap<>(map);
                without.remove(key);
                boolean isMissed = !reader.apply(whole.apply(without)).isEmpty();
                needed.merge(place, isMissed, Boolean::logicalOr);
            }
            visit(child, place, replacement -> whole.apply(with(map, key, replacement)));
        });
    }

    private void tryAll(List<String> choices, String path, UnaryOperator<Object> whole) {
        for (String choice : choices) {
            known(reader.apply(whole.apply(Map.of(choice, Map.of(STRANGER, 1)))))
                    .ifPresentOrElse(
                            keys -> {
                                offered.add(below(path, choice));
                                keys.forEach(key -> offered.add(below(path, choice + "." + key)));
                            },
                            () -> words.add(choice));
        }
    }

    /** The keys that are known where the stranger is not; empty if nobody minds it. */
    private static Optional<List<String>> known(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> problem.place().endsWith(STRANGER))
                .filter(problem -> problem.why().equals("unknown key."))
                .map(problem -> list(KNOWN, problem.fix()).orElse(List.of()))
                .findFirst();
    }

    private static Optional<List<String>> choices(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> !problem.place().contains(STRANGER))
                .flatMap(problem -> list(CHOICE, problem.why()).stream())
                .findFirst();
    }

    private static Optional<List<String>> list(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches() ? Optional.of(List.of(matcher.group(1).split(", "))) : Optional.empty();
    }

    private static String below(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(map);
        copy.put(key, value);
        return copy;
    }

    private static List<Object> with(List<?> list, int index, Object value) {
        List<Object> copy = new ArrayList<>(list);
        copy.set(index, value);
        return copy;
    }
}
