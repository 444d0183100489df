package dev.tacita.client;

import dev.tacita.client.CsvSchema.Categorical;
import dev.tacita.client.CsvSchema.Column;
import dev.tacita.client.CsvSchema.Missing;
import dev.tacita.client.CsvSchema.Numeric;
import dev.tacita.client.CsvSchema.Standardise;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Turns rows into inputs. What fills a missing cell, and the means and deviations for scaling, are those of the
 * training rows, unless the schema gives them. An input that never varies there is only centred.
 */
final class CsvEncoder {
    private final List<Column> columns;
    private final int width;
    private final double[] fills;
    private final double[] means;
    private final double[] deviations;

    CsvEncoder(CsvSchema schema, List<double[]> train) {
        this.columns = schema.columns();
        this.width = columns.stream().mapToInt(CsvEncoder::width).sum();
        this.fills = new double[columns.size()];
        for (int i = 0; i < fills.length; i++) {
            fills[i] = fill(columns.get(i).missing(), train, i);
        }
        this.means = new double[width];
        this.deviations = new double[width];
        Arrays.fill(deviations, 1);
        if (schema.standardise() != Standardise.NONE) {
            learnScale(train, schema.standardise() == Standardise.ALL);
        }
        takeScales();
    }

    /** The number of inputs. */
    int width() {
        return width;
    }

    void encode(double[] row, float[] to, int offset) {
        double[] raw = raw(row);
        for (int i = 0; i < width; i++) {
            to[offset + i] = (float) ((raw[i] - means[i]) / deviations[i]);
        }
    }

    private static int width(Column column) {
        return column instanceof Categorical categorical
                ? categorical.values().size() - (categorical.dropFirst() ? 1 : 0)
                : 1;
    }

    private double[] raw(double[] row) {
        double[] raw = new double[width];
        int at = 0;
        for (int i = 0; i < row.length; i++) {
            double value = Double.isNaN(row[i]) ? fills[i] : row[i];
            Column column = columns.get(i);
            if (Double.isNaN(value)) {
                Arrays.fill(raw, at, at + width(column), value);
            } else if (column instanceof Categorical categorical) {
                int indicator = (int) value - (categorical.dropFirst() ? 1 : 0);
                if (indicator >= 0) {
                    raw[at + indicator] = 1;
                }
            } else {
                raw[at] = value;
            }
            at += width(column);
        }
        return raw;
    }

    private static double fill(Missing missing, List<double[]> train, int column) {
        if (missing == Missing.KEEP) {
            return Double.NaN;
        }
        double[] present = train.stream()
                .mapToDouble(row -> row[column])
                .filter(value -> !Double.isNaN(value))
                .toArray();
        if (missing == Missing.MODE) {
            Map<Double, Long> counts = Arrays.stream(present)
                    .boxed()
                    .collect(Collectors.groupingBy(value -> value, TreeMap::new, Collectors.counting()));
            return counts.entrySet().stream()
                    .max(Map.Entry.<Double, Long>comparingByValue()
                            .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                    .map(Map.Entry::getKey)
                    .orElse(0.0);
        }
        return Arrays.stream(present).average().orElse(0);
    }

    private void learnScale(List<double[]> train, boolean indicators) {
        double[][] raw = train.stream().map(this::raw).toArray(double[][]::new);
        int at = 0;
        for (Column column : columns) {
            for (int i = at; i < at + width(column); i++) {
                if (indicators || !(column instanceof Categorical)) {
                    learnScale(raw, i);
                }
            }
            at += width(column);
        }
    }

    private void takeScales() {
        int at = 0;
        for (Column column : columns) {
            if (column instanceof Numeric numeric && numeric.scale().isPresent()) {
                means[at] = numeric.scale().get().mean();
                deviations[at] = numeric.scale().get().deviation();
            }
            at += width(column);
        }
    }

    private void learnScale(double[][] raw, int input) {
        double[] present = Arrays.stream(raw)
                .mapToDouble(row -> row[input])
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double mean = Arrays.stream(present).average().orElse(0);
        double variance = Arrays.stream(present)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0);
        means[input] = mean;
        double deviation = Math.sqrt(variance);
        deviations[input] = deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? deviation : 1;
    }
}
