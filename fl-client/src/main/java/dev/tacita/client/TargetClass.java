package dev.tacita.client;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One class of a target column: its name and the cells that mean it. */
public sealed interface TargetClass {
    /** For people. */
    String name();

    /** Whether a cell means this class. */
    boolean matches(String cell);

    /**
     * A class of some values.
     *
     * @param values numbers are compared as numbers
     */
    record OfValues(String name, List<String> values) implements TargetClass {
        public OfValues {
            values = values.stream().map(Cells::canonical).toList();
        }

        @Override
        public boolean matches(String cell) {
            return values.contains(Cells.canonical(cell));
        }
    }

    /**
     * A class of all numbers on one side of a bound.
     *
     * @param rule {@code >}, {@code >=}, {@code <} or {@code <=}, then a number
     */
    record OfRange(String name, String rule) implements TargetClass {
        private static final Pattern RULE = Pattern.compile("([<>]=?)\\s*([-+]?[0-9]+(?:\\.[0-9]+)?)");

        public OfRange {
            if (!RULE.matcher(rule).matches()) {
                throw new IllegalArgumentException(
                        "must be a list of values or a rule such as '> 0'. Provided value: '" + rule + "'");
            }
        }

        @Override
        public boolean matches(String cell) {
            Matcher matcher = RULE.matcher(rule);
            double value = Cells.number(cell);
            if (!matcher.matches() || Double.isNaN(value)) {
                return false;
            }
            double bound = Double.parseDouble(matcher.group(2));
            return switch (matcher.group(1)) {
                case ">" -> value > bound;
                case ">=" -> value >= bound;
                case "<" -> value < bound;
                default -> value <= bound;
            };
        }
    }
}
