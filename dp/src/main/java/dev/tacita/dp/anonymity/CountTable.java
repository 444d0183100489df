package dev.tacita.dp.anonymity;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A table of counts of people with its row totals, column totals and grand total. A list of counts is a table of one row.
 *
 * <p>Coordinates: row {@link #rows} is that of the column totals, column {@link #columns} that of the row totals; where they
 * meet is the grand total.
 */
public final class CountTable {
    private final int rows;
    private final int columns;
    private final long[][] cells;

    private CountTable(long[][] counts) {
        rows = counts.length;
        columns = rows == 0 ? 0 : counts[0].length;
        if (rows == 0 || columns == 0) {
            throw new IllegalArgumentException(
                    "a table of counts must have a cell. Provided size: " + rows + " x " + columns);
        }
        cells = new long[rows + 1][columns + 1];
        for (int i = 0; i < rows; i++) {
            if (counts[i].length != columns) {
                throw new IllegalArgumentException("all rows must have " + columns + " cells, as the first. Row " + i
                        + " has " + counts[i].length);
            }
            for (int j = 0; j < columns; j++) {
                if (counts[i][j] < 0) {
                    throw new IllegalArgumentException(
                            "a count must be >= 0. One that is not is in row " + i + ", column " + j);
                }
                cells[i][j] = counts[i][j];
                cells[i][columns] = Math.addExact(cells[i][columns], counts[i][j]);
                cells[rows][j] = Math.addExact(cells[rows][j], counts[i][j]);
                cells[rows][columns] = Math.addExact(cells[rows][columns], counts[i][j]);
            }
        }
    }

    /** A table of counts by row and column, each 0 or more; its totals are added up. */
    public static CountTable of(long[][] counts) {
        return new CountTable(counts);
    }

    /** A list of counts, each 0 or more, with their total. */
    public static CountTable ofList(long... counts) {
        return new CountTable(new long[][] {counts});
    }

    /** How many rows, without that of the totals. */
    public int rows() {
        return rows;
    }

    /** How many columns, without that of the totals. */
    public int columns() {
        return columns;
    }

    /** A count or, in the last row or column, a total. */
    public long count(int row, int column) {
        return cells[row][column];
    }

    /** All numbers of the table are one list here: row after row, totals at the ends. */
    int size() {
        return (rows + 1) * (columns + 1);
    }

    long number(int index) {
        return cells[index / (columns + 1)][index % (columns + 1)];
    }

    /**
     * How far one hidden number could be from its true value, given all numbers that are not hidden: at most this much more
     * or, if {@code more} is false, less, but no more than {@code enough}.
     *
     * <p>Counts and totals are a flow from the grand total through row totals, cells and column totals; what is hidden can
     * change along cycles of hidden numbers, and nothing may fall below 0 (Cox 1980; Kelly, Golden and Assad 1992).
     */
    long slack(boolean[] hidden, int index, boolean more, long enough) {
        int source = more ? head(index) : tail(index);
        int target = more ? tail(index) : head(index);
        long[] change = new long[size()];
        long limit = more ? enough : Math.min(enough, number(index));
        long found = 0;
        while (found < limit) {
            long step = augment(hidden, index, source, target, change, limit - found);
            if (step == 0) {
                return found;
            }
            found += step;
        }
        return found;
    }

    private long augment(boolean[] hidden, int without, int source, int target, long[] change, long most) {
        int nodes = rows + columns + 2;
        int[] by = new int[nodes];
        Arrays.fill(by, -1);
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        boolean[] reached = new boolean[nodes];
        reached[source] = true;
        queue.add(source);
        while (!queue.isEmpty() && !reached[target]) {
            int node = queue.remove();
            for (int arc = 0; arc < hidden.length; arc++) {
                if (!hidden[arc] || arc == without || arc == hidden.length - 1) {
                    continue;
                }
                int next = tail(arc) == node
                        ? head(arc)
                        : head(arc) == node && number(arc) + change[arc] > 0 ? tail(arc) : -1;
                if (next >= 0 && !reached[next]) {
                    reached[next] = true;
                    by[next] = arc;
                    queue.add(next);
                }
            }
        }
        if (!reached[target]) {
            return 0;
        }
        long step = most;
        for (int node = target; node != source; node = from(by[node], node)) {
            int arc = by[node];
            if (tail(arc) == node) {
                step = Math.min(step, number(arc) + change[arc]);
            }
        }
        for (int node = target; node != source; node = from(by[node], node)) {
            int arc = by[node];
            change[arc] += head(arc) == node ? step : -step;
        }
        return step;
    }

    private int from(int arc, int node) {
        return head(arc) == node ? tail(arc) : head(arc);
    }

    private int tail(int arc) {
        int row = arc / (columns + 1);
        int column = arc % (columns + 1);
        return row == rows ? 1 + rows + column : column == columns ? 0 : 1 + row;
    }

    private int head(int arc) {
        int row = arc / (columns + 1);
        int column = arc % (columns + 1);
        return row == rows ? 1 + rows + columns : column == columns ? 1 + row : 1 + rows + column;
    }

    /** All numbers that are at least 1 and below k; with {@code zeros}, also 0. */
    int[] below(int k, boolean zeros) {
        return LongStream.range(0, size())
                .mapToInt(i -> (int) i)
                .filter(i -> number(i) < k && (zeros || number(i) > 0))
                .toArray();
    }
}
