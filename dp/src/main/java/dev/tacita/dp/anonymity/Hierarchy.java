package dev.tacita.dp.anonymity;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the values of one column become coarser, level by level: level 0 is the value itself, the highest level is {@link #ANYTHING}. Two
 * values that are one at a level are one at every higher level.
 */
public sealed interface Hierarchy {
    /** What every value is at the highest level. */
    String ANYTHING = "*";

    /** The highest level, at least 1. */
    int height();

    /**
     * The value at this level.
     *
     * @param level from 0 to {@link #height}
     * @throws IllegalArgumentException if the hierarchy does not know the value; the message does not show it
     */
    String at(String value, int level);

    /**
     * Numbers, as half-open intervals that grow from level to level: {@code [40, 50)}.
     *
     * @param start a number at which intervals of all widths begin
     * @param widths of level 1, 2, ...; each above 0 and a whole multiple of the one before
     */
    record Intervals(double start, List<Double> widths) implements Hierarchy {
        public Intervals {
            widths = List.copyOf(widths);
            if (!Double.isFinite(start)) {
                throw new IllegalArgumentException("the start of intervals must be finite. Provided value: " + start);
            }
            double before = 0;
            for (double width : widths) {
                double times = before == 0 ? 1 : width / before;
                if (!(width > before && width < Double.POSITIVE_INFINITY) || times != Math.rint(times)) {
                    throw new IllegalArgumentException(
                            "widths must be > 0, finite, and each a larger whole multiple of the"
                                    + " one before. Provided values: " + widths);
                }
                before = width;
            }
        }

        @Override
        public int height() {
            return widths.size() + 1;
        }

        @Override
        public String at(String value, int level) {
            Levels.checkLevel(level, height());
            double number = number(value);
            if (level == 0) {
                return value;
            }
            if (level == height()) {
                return ANYTHING;
            }
            double times = Math.floor((number - start) / widths.get(0));
            double perInterval = Math.rint(widths.get(level - 1) / widths.get(0));
            double first = Math.floor(times / perInterval) * perInterval;
            return "[" + text(start + first * widths.get(0)) + ", "
                    + text(start + (first + perInterval) * widths.get(0)) + ")";
        }

        private static double number(String value) {
            double number = Double.NaN;
            try {
                number = Double.parseDouble(value);
            } catch (NumberFormatException secret) {
                number = Double.NaN;
            }
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("a value of a column of intervals is not a finite number");
            }
            return number;
        }

        private static String text(double number) {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString((long) number)
                    : Double.toString(number);
        }
    }

    /**
     * Values that are looked up.
     *
     * @param above what each value becomes at level 1, 2, ...: lists of the same length
     */
    record Levels(Map<String, List<String>> above) implements Hierarchy {
        public Levels {
            above = copy(above);
            if (above.isEmpty()) {
                throw new IllegalArgumentException("a hierarchy must know a value. Provided number: 0");
            }
            int levels = above.values().iterator().next().size();
            for (List<String> list : above.values()) {
                if (list.size() != levels) {
                    throw new IllegalArgumentException("all values of a hierarchy must have the same number of levels, "
                            + levels + ". Provided number: " + list.size());
                }
            }
            for (int level = 1; level < levels; level++) {
                Map<String, String> parents = new HashMap<>();
                for (List<String> list : above.values()) {
                    String other = parents.putIfAbsent(list.get(level - 1), list.get(level));
                    if (other != null && !other.equals(list.get(level))) {
                        throw new IllegalArgumentException("values that are one at a level must be one at the next. '"
                                + list.get(level - 1) + "' becomes '" + other + "' and '" + list.get(level) + "'");
                    }
                }
            }
        }

        @Override
        public int height() {
            return above.values().iterator().next().size() + 1;
        }

        @Override
        public String at(String value, int level) {
            checkLevel(level, height());
            List<String> levels = above.get(value);
            if (levels == null) {
                throw new IllegalArgumentException("a value of a column is not in its hierarchy");
            }
            return level == 0 ? value : level == height() ? ANYTHING : levels.get(level - 1);
        }

        private static void checkLevel(int level, int height) {
            if (level < 0 || level > height) {
                throw new IllegalArgumentException(
                        "a level must lie from 0 to " + height + ". Provided value: " + level);
            }
        }

        private static Map<String, List<String>> copy(Map<String, List<String>> above) {
            Map<String, List<String>> copy = new TreeMap<>();
            above.forEach((value, levels) -> copy.put(value, List.copyOf(levels)));
            return Collections.unmodifiableMap(copy);
        }
    }
}
