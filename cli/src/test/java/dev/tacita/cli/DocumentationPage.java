package dev.tacita.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of documentation: its marked examples, and its tables of keys. */
record DocumentationPage(Path file, String text) {
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- ([a-z]+) -->\\n)?```([a-z]+)\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TABLE =
            Pattern.compile("<!-- keys of ([a-z ]+?)(?: in ([a-z0-9. -]+))? -->\\n((?:\\|.*\\n)+)");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|.*\\| ([^|]*)\\|");

    /** A page of the repository, seen from the folder of any of its modules. */
    static DocumentationPage read(String path) throws IOException {
        Path file = Path.of("..").resolve(path);
        return new DocumentationPage(file, Files.readString(file));
    }

    /** An example; {@code mark} is empty if the page says nothing of what it is. */
    record Example(String mark, String language, String text) {}

    /** A row of a table: a key below one of some places, and what the page says of its default. */
    record Row(Set<String> paths, String defaults) {
        boolean isRequired() {
            return defaults.startsWith("required");
        }
    }

    List<Example> examples(String language) {
        List<Example> examples = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(2).equals(language)) {
                String mark = matcher.group(1);
                examples.add(new Example(mark == null ? "" : mark, language, matcher.group(3)));
            }
        }
        return examples;
    }

    /** The one example with this mark. */
    Example example(String language, String mark) {
        return examples(language).stream()
                .filter(example -> example.mark().equals(mark))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " has no example marked " + mark));
    }

    List<Row> rows(String kind) {
        List<Row> rows = new ArrayList<>();
        for (Matcher table = tables(kind); table.find(); ) {
            if (table.group(1).equals(kind)) {
                String places = table.group(2);
                Matcher row = ROW.matcher(table.group(3));
                while (row.find()) {
                    rows.add(new Row(paths(places == null ? "" : places, row.group(1)), row.group(2)));
                }
            }
        }
        return rows;
    }

    /** All the tables of this kind, as text. */
    String tableText(String kind) {
        StringBuilder all = new StringBuilder();
        for (Matcher table = tables(kind); table.find(); ) {
            if (table.group(1).equals(kind)) {
                all.append(table.group(3));
            }
        }
        return all.toString();
    }

    private Matcher tables(String kind) {
        Matcher matcher = TABLE.matcher(text);
        if (!text.contains("<!-- keys of " + kind)) {
            throw new AssertionError(file + " has no table of the keys of " + kind);
        }
        return matcher;
    }

    private static Set<String> paths(String places, String key) {
        Set<String> paths = new LinkedHashSet<>();
        for (String place : places.split(" and ")) {
            paths.add(place.isEmpty() ? key : place + "." + key);
        }
        return paths;
    }
}
