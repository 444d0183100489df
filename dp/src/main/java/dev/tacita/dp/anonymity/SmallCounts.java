package dev.tacita.dp.anonymity;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The rule by which a site hides small counts before it publishes a table.
 *
 * <p>Guarantee: every number below k is hidden (0 too, if zeros are to be), and of each of those the numbers that are
 * published, totals included, leave at least k + 1 consecutive possible values, as far as sums and "not negative" tell. To that end further numbers are hidden,
 * as few as a greedy search finds: none of them could be shown without breaking the guarantee. Against whoever knows more, such
 * as this algorithm's choices, another table of the same people, or all but one of them, it guarantees nothing: that
 * takes differential privacy.
 *
 * @param k at least 2
 * @param zeros what becomes of counts of 0
 */
public record SmallCounts(int k, Zeros zeros) {
    /** What becomes of counts of 0, which say of everybody that they are not there. */
    public enum Zeros {
        /** They are published. */
        SHOWN,
        /** They are hidden as other small counts are. */
        HIDDEN
    }

    private static final int LARGEST_TABLE = 2_500;

    public SmallCounts {
        if (k < 2) {
            throw new IllegalArgumentException("k must be >= 2. Provided value: " + k);
        }
        requireNonNull(zeros, "zeros is null");
    }

    /** What may be published of a table: each number, or that it is hidden. */
    public static final class Published {
        private final CountTable table;
        private final boolean[] hidden;

        private Published(CountTable table, boolean[] hidden) {
            this.table = table;
            this.hidden = hidden;
        }

        /** The number in this place; empty if it is hidden. Totals are in the last row and column. */
        public OptionalLong count(int row, int column) {
            int index = row * (table.columns() + 1) + column;
            return hidden[index] ? OptionalLong.empty() : OptionalLong.of(table.count(row, column));
        }

        /** How many numbers are hidden, totals included. */
        public int hidden() {
            int count = 0;
            for (boolean one : hidden) {
                count += one ? 1 : 0;
            }
            return count;
        }
    }

    /**
     * What may be published; empty if that is nothing, because there are fewer than k people, or because hiding everything but
     * the grand total would not be enough.
     *
     * @param table of at most {@value #LARGEST_TABLE} numbers, totals included
     */
    public Optional<Published> publish(CountTable table) {
        if (table.size() > LARGEST_TABLE) {
            throw new IllegalArgumentException("a table must have at most " + LARGEST_TABLE
                    + " numbers, totals included. Provided number: " + table.size());
        }
        if (table.number(table.size() - 1) < k) {
            return Optional.empty();
        }
        int[] small = table.below(k, zeros == Zeros.HIDDEN);
        boolean[] hidden = new boolean[table.size()];
        for (int index : small) {
            hidden[index] = true;
        }
        int[] ascending = IntStream.range(0, table.size() - 1)
                .filter(i -> !hidden[i])
                .boxed()
                .sorted(Comparator.comparingLong(table::number))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int index : small) {
            for (int i = 0; !isSafe(table, hidden, index); i++) {
                if (i == ascending.length) {
                    return Optional.empty();
                }
                hidden[ascending[i]] = true;
            }
        }
        for (int i = ascending.length - 1; i >= 0; i--) {
            if (hidden[ascending[i]]) {
                hidden[ascending[i]] = false;
                hidden[ascending[i]] = !Arrays.stream(small).allMatch(index -> isSafe(table, hidden, index));
            }
        }
        return Optional.of(new Published(table, hidden));
    }

    private boolean isSafe(CountTable table, boolean[] hidden, int index) {
        long less = table.slack(hidden, index, false, k);
        return less + table.slack(hidden, index, true, k - less) >= k;
    }
}
