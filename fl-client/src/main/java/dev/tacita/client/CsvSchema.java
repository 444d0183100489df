package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What a table of one row per patient looks like. Every column of the file is listed, so that a column which nobody
 * thought of is noticed.
 *
 * @param name under which the site offers the data
 * @param data the CSV file, if known; its first line names the columns
 * @param columns what becomes inputs, in this order
 * @param ignored columns that are not read
 * @param target the column with the answer
 * @param missingTokens cells that mean "missing"
 * @param standardise what is scaled to mean 0 and deviation 1 by the training rows
 * @param split into training, validation and test
 */
public record CsvSchema(
        String name,
        Optional<Path> data,
        List<Column> columns,
        Set<String> ignored,
        Target target,
        Set<String> missingTokens,
        Standardise standardise,
        Split split)
        implements DatasetSchema {
    public CsvSchema {
        requireNonNull(name, "name is null");
        requireNonNull(data, "data is null");
        columns = List.copyOf(columns);
        ignored = Set.copyOf(ignored);
        requireNonNull(target, "target is null");
        missingTokens = Set.copyOf(missingTokens);
        requireNonNull(standardise, "standardise is null");
        requireNonNull(split, "split is null");
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("at least one column must be numeric or categorical");
        }
        if (ignored.contains(target.column())
                || columns.stream().anyMatch(column -> column.name().equals(target.column()))) {
            throw new IllegalArgumentException(
                    "the target must not be among the columns. Provided value: '" + target.column() + "'");
        }
    }

    @Override
    public SiteDataset load(Path file) {
        return CsvDataset.load(this, file);
    }

    /**
     * The sites whose rows lie in one file, each as if the others were not there: split and scaled by its own rows.
     *
     * @param column in which each row names its site; of the schema's columns, or ignored by it
     * @return by the name in the column
     * @throws dev.tacita.core.ProblemsException with all that is wrong with the data
     */
    public SortedMap<String, SiteDataset> loadBySite(Path file, String column) {
        return CsvDataset.loadBySite(this, file, column);
    }

    /** What is done about a missing cell. */
    public enum Missing {
        /** The row is left out. */
        DROP_ROW,
        /** The mean of the training rows takes its place. */
        MEAN,
        /** The commonest value of the training rows takes its place. */
        MODE,
        /** Its inputs are NaN, for models that know what to do with a missing number. Agents do not offer such rows. */
        KEEP
    }

    /** What is scaled. */
    public enum Standardise {
        /** Every input, the indicators of categories too. */
        ALL,
        /** The numeric columns. */
        NUMERIC,
        /** Nothing. */
        NONE
    }

    /** A column that becomes inputs. */
    public sealed interface Column {
        /** As in the first line of the file. */
        String name();

        /** What is done about a missing cell. */
        Missing missing();
    }

    /**
     * A number.
     *
     * @param scale by which it is scaled whatever the rows are; empty where {@link Standardise} decides
     */
    public record Numeric(String name, Missing missing, Optional<Scale> scale) implements Column {
        public Numeric {
            requireNonNull(scale, "scale is null");
        }

        /** Scaled as the schema says for all. */
        public Numeric(String name, Missing missing) {
            this(name, missing, Optional.empty());
        }
    }

    /**
     * A scale that is known before any row is read.
     *
     * @param mean what becomes 0; finite
     * @param deviation what becomes a distance of 1; above 0, finite
     */
    public record Scale(double mean, double deviation) {
        public Scale {
            if (!Double.isFinite(mean)) {
                throw new IllegalArgumentException("mean must be finite. Provided value: " + mean);
            }
            if (!(deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("deviation must be > 0 and finite. Provided value: " + deviation);
            }
        }
    }

    /** Whether inputs may be missing. */
    boolean keepsMissing() {
        return columns.stream().anyMatch(column -> column.missing() == Missing.KEEP);
    }

    /** Whether a row becomes inputs by itself: no other row fills its missing cells or scales it. */
    boolean keepsRowsApart() {
        return columns.stream().allMatch(this::keepsRowsApart);
    }

    private boolean keepsRowsApart(Column column) {
        boolean scaledByRows = column instanceof Numeric numeric
                ? standardise != Standardise.NONE && numeric.scale().isEmpty()
                : standardise == Standardise.ALL;
        return (column.missing() == Missing.DROP_ROW || column.missing() == Missing.KEEP) && !scaledByRows;
    }

    /**
     * One of some values, as indicators of 0 and 1.
     *
     * @param values every value that may occur; numbers are compared as numbers
     * @param dropFirst whether the first value has no indicator
     */
    public record Categorical(String name, Missing missing, List<String> values, boolean dropFirst) implements Column {
        public Categorical {
            values = List.copyOf(values);
            if (values.size() < 2 || Set.copyOf(values).size() < values.size()) {
                throw new IllegalArgumentException(
                        "values must be two or more different ones. Provided value: " + values);
            }
            if (missing == Missing.MEAN) {
                throw new IllegalArgumentException("a categorical column has no mean; use mode or drop-row");
            }
        }
    }

    /**
     * The column with the answer. A row without it is left out.
     *
     * @param column its name
     * @param classes in the order of their indexes; the first one that fits counts
     */
    public record Target(String column, List<TargetClass> classes) {
        public Target {
            classes = List.copyOf(classes);
            if (classes.size() < 2) {
                throw new IllegalArgumentException(
                        "at least two classes are needed. Provided value: " + classes.size());
            }
        }
    }
}
