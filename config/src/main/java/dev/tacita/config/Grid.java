package dev.tacita.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads one part of a file once for each combination of the numbers that are given as lists where one number is wanted. A first
 * reading, whose problems nobody hears of, finds the lists.
 *
 * @param <T> what the part becomes
 */
final class Grid<T> {
    private final Kind<T> kind;
    private final int most;

    /** A list where a number is wanted. */
    record Axis(Tree.Sequence list, Element element, String path) {
        List<Tree> values() {
            return list.items();
        }
    }

    /** The lists that a reading comes upon, each once. */
    static final class Axes {
        private final Map<Tree.Sequence, Axis> found = new HashMap<>();

        void add(Axis axis) {
            found.putIfAbsent(axis.list(), axis);
        }

        /** In the order of the file. */
        private List<Axis> sorted() {
            return found.values().stream()
                    .sorted(Comparator.comparingInt(
                                    (Axis axis) -> axis.list().position().line())
                            .thenComparingInt(axis -> axis.list().position().column()))
                    .toList();
        }
    }

    Grid(Kind<T> kind, int most) {
        this.kind = kind;
        this.most = most;
    }

    Value<Map<String, T>> read(Element element) {
        Axes axes = new Axes();
        element.file().probe(axes, () -> kind.read(element));
        List<Axis> sorted = axes.sorted();
        long combinations = 1;
        boolean repeated = false;
        for (Axis axis : sorted) {
            combinations = Math.min(combinations * axis.values().size(), Integer.MAX_VALUE);
            repeated |= repeats(axis);
        }
        if (combinations > most) {
            return element.problem(
                    "its lists must come to at most " + most + " combinations. Provided value: "
                            + String.join(
                                    " * ",
                                    sorted.stream()
                                            .map(axis -> "" + axis.values().size())
                                            .toList())
                            + ".",
                    "Take fewer values.");
        }
        List<String> names = names(sorted);
        Map<String, Value<T>> all = new LinkedHashMap<>();
        int[] chosen = new int[sorted.size()];
        for (int i = 0; i < combinations; i++) {
            Map<Tree.Sequence, Tree> values = new HashMap<>();
            List<String> label = new ArrayList<>();
            for (int axis = 0; axis < chosen.length; axis++) {
                Tree value = sorted.get(axis).values().get(chosen[axis]);
                values.put(sorted.get(axis).list(), value);
                label.add(names.get(axis) + "=" + ((Tree.Scalar) value).text());
            }
            all.put(String.join(" ", label), kind.read(element.with(replaced(element.tree(), values))));
            count(chosen, sorted);
        }
        boolean refused = repeated;
        return element.create(() -> {
            Map<String, T> read = new LinkedHashMap<>();
            all.forEach((label, value) -> read.put(label, value.get()));
            if (refused) {
                throw new Value.UnreadableException();
            }
            return read;
        });
    }

    /** Goes to the next combination, the last list fastest. */
    private static void count(int[] chosen, List<Axis> axes) {
        for (int axis = chosen.length - 1; axis >= 0; axis--) {
            chosen[axis]++;
            if (chosen[axis] < axes.get(axis).values().size()) {
                return;
            }
            chosen[axis] = 0;
        }
    }

    private static boolean repeats(Axis axis) {
        Set<String> seen = new HashSet<>();
        for (Tree value : axis.values()) {
            String text = ((Tree.Scalar) value).text();
            if (!seen.add(number(text))) {
                axis.element().problem("the values of a list must differ. Provided value: '" + text + "' twice.");
                return true;
            }
        }
        return false;
    }

    private static String number(String text) {
        try {
            return Double.toString(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /** The shortest endings of the paths that tell them apart. */
    private static List<String> names(List<Axis> axes) {
        List<String> names = new ArrayList<>();
        for (Axis axis : axes) {
            String[] keys = axis.path().split("\\.");
            int from = keys.length - 1;
            while (from > 0 && endings(axes, ending(keys, from)) > 1) {
                from--;
            }
            names.add(ending(keys, from));
        }
        return names;
    }

    private static String ending(String[] keys, int from) {
        return String.join(".", Arrays.copyOfRange(keys, from, keys.length));
    }

    private static long endings(List<Axis> axes, String ending) {
        return axes.stream()
                .filter(axis -> ("." + axis.path()).endsWith("." + ending))
                .count();
    }

    private static Tree replaced(Tree tree, Map<Tree.Sequence, Tree> values) {
        if (tree instanceof Tree.Sequence list) {
            Tree value = values.get(list);
            return value != null
                    ? value
                    : new Tree.Sequence(
                            list.position(),
                            list.items().stream()
                                    .map(item -> replaced(item, values))
                                    .toList());
        }
        return tree instanceof Tree.Mapping mapping
                ? new Tree.Mapping(
                        mapping.position(),
                        mapping.entries().stream()
                                .map(entry ->
                                        new Tree.Entry(entry.position(), entry.key(), replaced(entry.value(), values)))
                                .toList())
                : tree;
    }
}
