package dev.tacita.dp.anonymity;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * k-anonymity by full-domain generalisation (Samarati 2001; Sweeney 2002): every column at one level for all rows, such that
 * each row that is released is the same as at least k - 1 others. Rows of smaller groups are left out, up to a number.
 *
 * <p>Guarantee: nobody who knows the columns of one person finds a group of fewer than k rows. What k rows have in
 * common is known of all of them, and nothing is guaranteed against who knows some of the rows: that takes differential privacy.
 *
 * @param hierarchies one for each column, all of which identify together
 * @param k at least 2
 * @param mostLeftOut how many rows may be left out, 0 or more
 */
public record FullDomain(List<Hierarchy> hierarchies, int k, int mostLeftOut) {
    private static final int LARGEST_SEARCH = 10_000;

    public FullDomain {
        hierarchies = List.copyOf(hierarchies);
        if (hierarchies.isEmpty()) {
            throw new IllegalArgumentException("there must be a column. Provided number: 0");
        }
        if (k < 2) {
            throw new IllegalArgumentException("k must be >= 2. Provided value: " + k);
        }
        if (mostLeftOut < 0) {
            throw new IllegalArgumentException("mostLeftOut must be >= 0. Provided value: " + mostLeftOut);
        }
        long nodes = 1;
        for (Hierarchy hierarchy : hierarchies) {
            nodes = Math.min(LARGEST_SEARCH + 1L, nodes * (hierarchy.height() + 1L));
        }
        if (nodes > LARGEST_SEARCH) {
            throw new IllegalArgumentException("the levels of all columns must have at most " + LARGEST_SEARCH
                    + " combinations; take fewer columns or levels.");
        }
    }

    /**
     * Rows that may be released.
     *
     * @param levels of the columns
     * @param rows sorted, so that their order says nothing
     * @param leftOut how many rows are not among them
     */
    public record Release(List<Integer> levels, List<List<String>> rows, int leftOut) {
        public Release {
            levels = List.copyOf(levels);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /**
     * The release that loses least: the mean over columns of level / height is smallest (Sweeney 2002, section 4.1), then the
     * number of rows left out. Empty if no release has k rows in each group.
     *
     * @param rows of one value for each column
     * @throws IllegalArgumentException if a row has another number of values, or a hierarchy does not know one
     */
    public Optional<Release> of(List<List<String>> rows) {
        requireNonNull(rows, "rows is null");
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).size() != hierarchies.size()) {
                throw new IllegalArgumentException(
                        "a row must have " + hierarchies.size() + " values, one for each column. Row " + i + " has "
                                + rows.get(i).size());
            }
        }
        Optional<Release> best = Optional.empty();
        double least = Double.POSITIVE_INFINITY;
        for (int[] levels : combinations()) {
            if (loss(levels) > least) {
                break;
            }
            Release release = release(rows, levels);
            if (!release.rows().isEmpty()
                    && release.leftOut() <= mostLeftOut
                    && (best.isEmpty() || release.leftOut() < best.get().leftOut())) {
                best = Optional.of(release);
                least = loss(levels);
            }
        }
        return best;
    }

    private Release release(List<List<String>> rows, int[] levels) {
        Map<List<String>, Integer> groups = new TreeMap<>(FullDomain::compare);
        for (List<String> row : rows) {
            List<String> coarse = new ArrayList<>();
            for (int column = 0; column < levels.length; column++) {
                coarse.add(hierarchies.get(column).at(row.get(column), levels[column]));
            }
            groups.merge(coarse, 1, Integer::sum);
        }
        List<List<String>> released = new ArrayList<>();
        groups.forEach((row, count) -> {
            if (count >= k) {
                released.addAll(Collections.nCopies(count, row));
            }
        });
        return new Release(Arrays.stream(levels).boxed().toList(), released, rows.size() - released.size());
    }

    private static int compare(List<String> row, List<String> other) {
        for (int column = 0; column < row.size(); column++) {
            int order = row.get(column).compareTo(other.get(column));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private List<int[]> combinations() {
        List<int[]> combinations = new ArrayList<>();
        int[] levels = new int[hierarchies.size()];
        int column;
        do {
            combinations.add(levels.clone());
            column = 0;
            while (column < levels.length
                    && levels[column] == hierarchies.get(column).height()) {
                levels[column++] = 0;
            }
            if (column < levels.length) {
                levels[column]++;
            }
        } while (column < levels.length);
        combinations.sort(Comparator.comparingDouble(this::loss));
        return combinations;
    }

    private double loss(int[] levels) {
        double loss = 0;
        for (int column = 0; column < levels.length; column++) {
            loss += (double) levels[column] / hierarchies.get(column).height();
        }
        return loss / levels.length;
    }
}
