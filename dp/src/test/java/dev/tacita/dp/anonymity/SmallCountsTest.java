package dev.tacita.dp.anonymity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tacita.dp.anonymity.SmallCounts.Published;
import dev.tacita.dp.anonymity.SmallCounts.Zeros;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SmallCountsTest {
    @Test
    void everySmallNumberIsHiddenAndNoneCanBeNarrowedDownByAnyTableThatAgrees() {
        long seed = 51;
        Random random = new Random(seed);
        int published = 0;
        for (int i = 0; i < 150; i++) {
            long[][] counts = drawn(random);
            int k = 2 + random.nextInt(3);
            Zeros zeros = random.nextBoolean() ? Zeros.SHOWN : Zeros.HIDDEN;
            CountTable table = CountTable.of(counts);
            Optional<Published> result = new SmallCounts(k, zeros).publish(table);
            String where =
                    "seed " + seed + ", case " + i + ", k " + k + ", " + zeros + ", " + Arrays.deepToString(counts);
            if (result.isEmpty()) {
                boolean[][] all = allBut(table);
                assertThat(table.count(table.rows(), table.columns()) < k || !isSafe(table, all, k, zeros))
                        .as(where)
                        .isTrue();
                continue;
            }
            published++;
            boolean[][] hidden = hidden(table, result.get());
            for (int row = 0; row <= table.rows(); row++) {
                for (int column = 0; column <= table.columns(); column++) {
                    if (isSmall(table.count(row, column), k, zeros)) {
                        assertThat(hidden[row][column]).as(where).isTrue();
                    } else if (!hidden[row][column]) {
                        assertThat(result.get().count(row, column)).as(where).hasValue(table.count(row, column));
                    }
                }
            }
            assertThat(isSafe(table, hidden, k, zeros)).as(where).isTrue();
            for (int row = 0; row <= table.rows(); row++) {
                for (int column = 0; column <= table.columns(); column++) {
                    if (hidden[row][column] && !isSmall(table.count(row, column), k, zeros)) {
                        hidden[row][column] = false;
                        assertThat(isSafe(table, hidden, k, zeros))
                                .as("%s: row %d, column %d could be shown", where, row, column)
                                .isFalse();
                        hidden[row][column] = true;
                    }
                }
            }
        }
        assertThat(published).isGreaterThan(50);
    }

    @Test
    void oneSmallCountOfAListTakesAnotherWithIt() {
        Published published = new SmallCounts(5, Zeros.SHOWN)
                .publish(CountTable.ofList(3, 12, 7, 40, 0))
                .orElseThrow();

        assertThat(published.count(0, 0)).isEmpty();
        assertThat(published.count(0, 2)).isEmpty();
        assertThat(published.count(0, 1)).hasValue(12);
        assertThat(published.count(0, 3)).hasValue(40);
        assertThat(published.count(0, 4)).hasValue(0);
        assertThat(published.count(0, 5)).hasValue(62);
    }

    @Test
    void tablesWithoutSmallCountsStayWhole() {
        Published published = new SmallCounts(5, Zeros.SHOWN)
                .publish(CountTable.of(new long[][] {{5, 6}, {0, 9}}))
                .orElseThrow();

        assertThat(published.hidden()).isZero();
        assertThat(published.count(2, 2)).hasValue(20);
    }

    @Test
    void fewerPeopleThanKAreNotCountedAtAll() {
        assertThat(new SmallCounts(5, Zeros.SHOWN).publish(CountTable.ofList(2, 2)))
                .isEmpty();
        assertThat(new SmallCounts(5, Zeros.SHOWN).publish(CountTable.ofList(0, 0)))
                .isEmpty();
    }

    @Test
    void largeTablesAreDoneInTime() {
        Random random = new Random(52);
        long[][] counts = new long[12][12];
        for (long[] row : counts) {
            Arrays.setAll(row, i -> random.nextInt(40));
        }

        assertThat(new SmallCounts(5, Zeros.SHOWN)
                        .publish(CountTable.of(counts))
                        .orElseThrow()
                        .hidden())
                .isBetween(10, 100);
    }

    @Test
    void whatIsNoTableIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CountTable.of(new long[][] {{1, 2}, {3}}))
                .withMessage("all rows must have 2 cells, as the first. Row 1 has 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CountTable.ofList(4, -1))
                .withMessage("a count must be >= 0. One that is not is in row 0, column 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SmallCounts(1, Zeros.SHOWN))
                .withMessage("k must be >= 2. Provided value: 1");
    }

    private static long[][] drawn(Random random) {
        long[][] counts = new long[1 + random.nextInt(2)][2 + random.nextInt(2)];
        for (long[] row : counts) {
            Arrays.setAll(row, i -> random.nextInt(3) == 0 ? 0 : random.nextInt(6));
        }
        return counts;
    }

    private static boolean isSmall(long count, int k, Zeros zeros) {
        return count < k && (count > 0 || zeros == Zeros.HIDDEN);
    }

    private static boolean[][] hidden(CountTable table, Published published) {
        boolean[][] hidden = new boolean[table.rows() + 1][table.columns() + 1];
        for (int row = 0; row <= table.rows(); row++) {
            for (int column = 0; column <= table.columns(); column++) {
                hidden[row][column] = published.count(row, column).isEmpty();
            }
        }
        return hidden;
    }

    private static boolean[][] allBut(CountTable table) {
        boolean[][] hidden = new boolean[table.rows() + 1][table.columns() + 1];
        for (boolean[] row : hidden) {
            Arrays.fill(row, true);
        }
        hidden[table.rows()][table.columns()] = false;
        return hidden;
    }

    /** Tries every table of the same total. */
    private static boolean isSafe(CountTable table, boolean[][] hidden, int k, Zeros zeros) {
        long[][] low = new long[table.rows() + 1][table.columns() + 1];
        long[][] high = new long[table.rows() + 1][table.columns() + 1];
        for (long[] row : low) {
            Arrays.fill(row, Long.MAX_VALUE);
        }
        long[] cells = new long[table.rows() * table.columns()];
        tryAll(table, hidden, cells, 0, table.count(table.rows(), table.columns()), low, high);
        for (int row = 0; row <= table.rows(); row++) {
            for (int column = 0; column <= table.columns(); column++) {
                if (isSmall(table.count(row, column), k, zeros) && high[row][column] - low[row][column] < k) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void tryAll(
            CountTable table, boolean[][] hidden, long[] cells, int place, long left, long[][] low, long[][] high) {
        int columns = table.columns();
        if (place == cells.length - 1) {
            cells[place] = left;
            long[][] counts = new long[table.rows()][columns];
            for (int i = 0; i < cells.length; i++) {
                counts[i / columns][i % columns] = cells[i];
            }
            CountTable other = CountTable.of(counts);
            for (int row = 0; row <= table.rows(); row++) {
                for (int column = 0; column <= columns; column++) {
                    if (!hidden[row][column] && other.count(row, column) != table.count(row, column)) {
                        return;
                    }
                }
            }
            for (int row = 0; row <= table.rows(); row++) {
                for (int column = 0; column <= columns; column++) {
                    low[row][column] = Math.min(low[row][column], other.count(row, column));
                    high[row][column] = Math.max(high[row][column], other.count(row, column));
                }
            }
            return;
        }
        boolean open = hidden[place / columns][place % columns];
        long own = table.count(place / columns, place % columns);
        for (long value = open ? 0 : own; value <= (open ? left : Math.min(own, left)); value++) {
            cells[place] = value;
            tryAll(table, hidden, cells, place + 1, left - value, low, high);
        }
    }
}
