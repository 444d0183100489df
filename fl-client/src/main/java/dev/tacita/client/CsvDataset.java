package dev.tacita.client;

import dev.tacita.client.CsvSchema.Categorical;
import dev.tacita.client.CsvSchema.Column;
import dev.tacita.client.CsvSchema.Missing;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a CSV file, splits its rows, and learns from the training rows alone how to fill in and to scale. */
final class CsvDataset {
    private final CsvSchema schema;
    private final CsvTable table;
    private final Split.Parts parts;
    private final CsvEncoder encoder;

    private CsvDataset(CsvSchema schema, CsvTable table) {
        this.schema = schema;
        this.table = table;
        this.parts =
                schema.split().apply(classes(all()), schema.target().classes().size());
        this.encoder = new CsvEncoder(schema, rows(parts.train()));
    }

    static SiteDataset load(CsvSchema schema, Path file) {
        return load(schema, file, CsvTable.read(schema, file));
    }

    /** Each site of one file, by its name in a column. */
    static SortedMap<String, SiteDataset> loadBySite(CsvSchema schema, Path file, String column) {
        SortedMap<String, SiteDataset> sites = new TreeMap<>();
        CsvTable.readBySite(schema, file, column).forEach((site, table) -> sites.put(site, load(schema, file, table)));
        return sites;
    }

    private static SiteDataset load(CsvSchema schema, Path file, CsvTable table) {
        CsvDataset dataset = new CsvDataset(schema, table);
        if (dataset.parts.train().length == 0) {
            throw DataProblems.of(file, "the split leaves no row to train on. Rows kept: " + table.rows.size() + ".");
        }
        return dataset.siteDataset();
    }

    private SiteDataset siteDataset() {
        List<String> names =
                schema.target().classes().stream().map(TargetClass::name).toList();
        return new SiteDataset(
                schema.name(),
                examples(parts.train()),
                examples(parts.validation()),
                examples(parts.test()),
                names,
                featureNames(),
                notes(),
                SiteDataset.classWarnings(names, classes(parts.train())),
                schema.keepsRowsApart());
    }

    private Examples examples(int[] indexes) {
        int width = encoder.width();
        float[] inputs = new float[indexes.length * width];
        float[] targets = new float[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            encoder.encode(table.rows.get(indexes[i]), inputs, i * width);
            targets[i] = table.classes.get(indexes[i]);
        }
        return new ArrayExamples(Shape.of(width), 1, inputs, targets);
    }

    private List<String> notes() {
        int kept = table.rows.size();
        List<String> notes = new ArrayList<>();
        notes.add(kept + " of " + (kept + table.dropped) + " rows kept; " + table.dropped + " lack a cell.");
        for (int i = 0; i < schema.columns().size(); i++) {
            int column = i;
            long filled =
                    table.rows.stream().filter(row -> Double.isNaN(row[column])).count();
            if (filled > 0) {
                Column each = schema.columns().get(i);
                notes.add("column '" + each.name() + "': " + filled + " missing cells "
                        + (each.missing() == Missing.KEEP ? "kept." : "filled in."));
            }
        }
        return notes;
    }

    private List<String> featureNames() {
        List<String> names = new ArrayList<>();
        for (Column column : schema.columns()) {
            if (column instanceof Categorical categorical) {
                categorical.values().stream()
                        .skip(categorical.dropFirst() ? 1 : 0)
                        .forEach(value -> names.add(column.name() + "=" + value));
            } else {
                names.add(column.name());
            }
        }
        return names;
    }

    private List<double[]> rows(int[] indexes) {
        List<double[]> rows = new ArrayList<>();
        for (int index : indexes) {
            rows.add(table.rows.get(index));
        }
        return rows;
    }

    private int[] classes(int[] indexes) {
        int[] classes = new int[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            classes[i] = table.classes.get(indexes[i]);
        }
        return classes;
    }

    private int[] all() {
        int[] all = new int[table.rows.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        return all;
    }
}
