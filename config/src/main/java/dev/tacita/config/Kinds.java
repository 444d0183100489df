package dev.tacita.config;

import dev.tacita.config.Tree.Scalar;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that a file may hold. */
public final class Kinds {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,30}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

    private Kinds() {}

    /** One line of 1 to 200 printable characters. */
    public static Kind<String> text() {
        return element -> element.tree() instanceof Scalar scalar && isText(scalar.text())
                ? Value.of(scalar.text())
                : element.mustBe("1 to 200 printable characters in one line");
    }

    /** Any text, also none, also over several lines. */
    public static Kind<String> rawText() {
        return element -> element.tree() instanceof Scalar scalar ? Value.of(scalar.text()) : element.mustBe("text");
    }

    /** Text that no message shows. */
    public static Kind<Secret> secret() {
        return element -> element.tree() instanceof Scalar scalar
                ? Value.of(new Secret(scalar.text()))
                : element.problem("must be text.");
    }

    /** A whole number in a range, both ends included. */
    public static Kind<Integer> integer(int least, int most) {
        return integer(least, most, "");
    }

    /** A whole number in a range, for a reader that takes something else too, such as {@code ", or all"}. */
    public static Kind<Integer> integer(int least, int most, String alternative) {
        return integer(least, most, most == Integer.MAX_VALUE, alternative).map(BigInteger::intValueExact);
    }

    /** A whole number of up to 64 bits in a range, both ends included. */
    public static Kind<Long> longInteger(long least, long most) {
        return integer(least, most, most == Long.MAX_VALUE, "").map(BigInteger::longValueExact);
    }

    private static Kind<BigInteger> integer(long least, long most, boolean open, String alternative) {
        String rule = least == Long.MIN_VALUE
                ? "a whole number of 64 bits"
                : open ? "a whole number >= " + least : "a whole number from " + least + " to " + most;
        return orList(element -> {
            if (element.tree() instanceof Scalar scalar && isPlain(scalar, INTEGER)) {
                BigInteger value = new BigInteger(scalar.text());
                if (value.compareTo(BigInteger.valueOf(least)) >= 0 && value.compareTo(BigInteger.valueOf(most)) <= 0) {
                    return Value.of(value);
                }
            }
            return element.mustBe(rule + alternative);
        });
    }

    /** A number; or the first of a list, where {@link #grid} looks for lists. */
    private static <T> Kind<T> orList(Kind<T> number) {
        return element -> number.read(element.firstOfList().orElse(element));
    }

    /**
     * The same part once for each combination of the numbers that are given as lists in it where one number is wanted; by a name
     * such as {@code mu=0.1 epochs=5}, which is empty if there are no lists.
     *
     * @param most how many combinations there may be, at most
     */
    public static <T> Kind<Map<String, T>> grid(Kind<T> kind, int most) {
        return new Grid<>(kind, most)::read;
    }

    /** A finite number. */
    public static Kind<Double> number() {
        return number("", value -> true);
    }

    /** A finite number that keeps to a rule, such as {@code "> 0"}. */
    public static Kind<Double> number(String rule, DoublePredicate test) {
        return number(rule, test, "");
    }

    /** A finite number that keeps to a rule, with one sentence that says how to mend one that does not. */
    public static Kind<Double> number(String rule, DoublePredicate test, String fix) {
        return orList(element -> {
            if (element.tree() instanceof Scalar scalar && isPlain(scalar, NUMBER)) {
                double value = Double.parseDouble(scalar.text());
                if (Double.isFinite(value) && test.test(value)) {
                    return Value.of(value);
                }
            }
            return element.mustBe(("a number " + rule).trim(), fix);
        });
    }

    /** {@code true} or {@code false}. */
    public static Kind<Boolean> bool() {
        return element -> element.tree() instanceof Scalar scalar
                        && scalar.plain()
                        && (scalar.text().equals("true") || scalar.text().equals("false"))
                ? Value.of(scalar.text().equals("true"))
                : element.mustBe("true or false");
    }

    /** A time such as {@code 30s}, {@code 5m}, {@code 2h}, {@code 250ms}, in a range, both ends included. */
    public static Kind<Duration> duration(Duration least, Duration most) {
        String rule = "a time such as 30s, 5m or 2h, from " + Durations.format(least) + " to " + Durations.format(most);
        return element -> {
            if (element.tree() instanceof Scalar scalar) {
                var value = Durations.parse(scalar.text())
                        .filter(time -> time.compareTo(least) >= 0 && time.compareTo(most) <= 0);
                if (value.isPresent()) {
                    return Value.of(value.get());
                }
            }
            return element.mustBe(rule);
        };
    }

    /** One of these words. */
    public static <T> Kind<T> choice(Map<String, ? extends T> choices) {
        Map<String, T> all = new LinkedHashMap<>(choices);
        return element -> {
            if (element.tree() instanceof Scalar scalar) {
                T chosen = all.get(scalar.text());
                return chosen != null
                        ? Value.of(chosen)
                        : element.mustBe("one of " + String.join(", ", all.keySet()), nearest(scalar.text(), all));
            }
            return element.mustBe("one of " + String.join(", ", all.keySet()));
        };
    }

    /** One of an enum's constants, in lower case with hyphens. */
    public static <E extends Enum<E>> Kind<E> constant(Class<E> type) {
        Map<String, E> words = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(Kinds::word, each -> each, (a, b) -> a, LinkedHashMap::new));
        return choice(words);
    }

    /** The word for an enum's constant: lower case with hyphens. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A path; a relative one starts at the file's own folder. */
    public static Kind<Path> path() {
        return element -> {
            var folder = element.file().folder();
            if (folder.isEmpty()) {
                return element.problem("a path is allowed in a file only.");
            }
            Value<String> text = text().read(element);
            return element.create(() -> folder.get().resolve(text.get()).normalize());
        };
    }

    /** A path at which there is a file. */
    public static Kind<Path> file() {
        return existing("file", Files::isRegularFile);
    }

    /** A path at which there is a folder. */
    public static Kind<Path> folder() {
        return existing("folder", Files::isDirectory);
    }

    private static Kind<Path> existing(String what, Predicate<Path> test) {
        return element -> {
            Value<Path> path = path().read(element);
            return !path.isReadable() || test.test(path.get())
                    ? path
                    : element.problem("there is no such " + what + ". Provided value: '" + path.get() + "'.");
        };
    }

    /** A section, read by a function of its own. */
    public static <T> Kind<T> section(Function<Section, Value<T>> reader) {
        return element -> element.tree() instanceof Tree.Mapping mapping
                ? reader.apply(new Section(element, mapping))
                : element.mustBe("a section of 'key: value' lines");
    }

    /** A list whose items are all of one kind. */
    public static <T> Kind<List<T>> list(Kind<T> kind) {
        return element -> {
            if (!(element.tree() instanceof Tree.Sequence sequence)) {
                return element.mustBe("a list");
            }
            List<Value<T>> items = new ArrayList<>();
            for (Tree item : sequence.items()) {
                items.add(kind.read(element.item(item, items.size())));
            }
            return Value.all(items);
        };
    }

    /** A section with free keys, each with a value of one kind, in the order of the file. */
    public static <T> Kind<Map<String, T>> map(Kind<T> kind) {
        return map(key -> key, kind);
    }

    /** The same, with keys made into something else; what {@code key} refuses by an exception is a problem there. */
    public static <K, T> Kind<Map<K, T>> map(Function<String, K> key, Kind<T> kind) {
        return element -> {
            if (!(element.tree() instanceof Tree.Mapping mapping)) {
                return element.mustBe("a section of 'key: value' lines");
            }
            Map<Value<K>, Value<T>> values = new LinkedHashMap<>();
            mapping.entries().forEach(entry -> {
                Element place = element.child(new Tree.Refused(entry.position()), entry.key());
                values.put(
                        place.create(() -> key.apply(entry.key())),
                        kind.read(element.child(entry.value(), entry.key())));
            });
            return element.create(() -> {
                Map<K, T> read = new LinkedHashMap<>();
                values.forEach((each, value) -> read.put(each.get(), value.get()));
                return read;
            });
        };
    }

    /** A section with free keys and values, numbers included, passed through as text; no message shows a value. */
    public static Kind<Map<String, String>> strings() {
        return map(secret().map(Secret::reveal));
    }

    /**
     * One of several named things, each with settings of its own: {@code name: {settings}}, or just {@code name} where
     * no setting is needed.
     */
    public static <T> Kind<T> variant(Map<String, Function<Section, Value<T>>> variants) {
        Map<String, Function<Section, Value<T>>> all = new LinkedHashMap<>(variants);
        return element -> {
            if (element.tree() instanceof Tree.Mapping mapping
                    && mapping.entries().size() == 1) {
                Tree.Entry entry = mapping.entries().get(0);
                return variant(all, entry.key(), element.child(entry.value(), entry.key()), element);
            }
            if (element.tree() instanceof Scalar scalar) {
                return variant(all, scalar.text(), element, element);
            }
            return element.mustBe("one of " + String.join(", ", all.keySet()));
        };
    }

    private static <T> Value<T> variant(
            Map<String, Function<Section, Value<T>>> all, String name, Element settings, Element whole) {
        Function<Section, Value<T>> reader = all.get(name);
        if (reader == null) {
            return whole.problem(
                    "must be one of " + String.join(", ", all.keySet()) + ". Provided value: '" + Printable.of(name)
                            + "'.",
                    nearest(name, all));
        }
        if (settings.tree() instanceof Scalar scalar && (settings == whole || scalar.isNull())) {
            return reader.apply(new Section(settings, new Tree.Mapping(scalar.position(), List.of())));
        }
        return section(reader).read(settings);
    }

    private static String nearest(String word, Map<String, ?> known) {
        String suggestion = Suggestion.of(word, known.keySet());
        return suggestion.startsWith("Did") ? suggestion : "";
    }

    private static boolean isPlain(Scalar scalar, Pattern pattern) {
        return scalar.plain()
                && scalar.text().length() <= 400
                && pattern.matcher(scalar.text()).matches();
    }

    private static boolean isText(String text) {
        return !text.isBlank() && text.length() <= 200 && Printable.isPrintable(text);
    }
}
