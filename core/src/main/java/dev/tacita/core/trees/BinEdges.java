package dev.tacita.core.trees;

import java.util.Arrays;

/**
 * Edges between cells of a number line, ascending: cell i has the values from edge i - 1 on and below edge i, the first and the
 * last reach to infinity. Pure.
 */
final class BinEdges {
    private static final int LEAST_EXPONENT = -10;
    private static final int LARGEST_EXPONENT = 40;

    /** Those that every feature starts with: powers of two, of both signs. */
    static final float[] FIRST = first();

    /** How many edges {@link #refined} gives for each part, at most. */
    static final int MOST_PER_PART = 2;

    private BinEdges() {}

    private static float[] first() {
        int powers = LARGEST_EXPONENT - LEAST_EXPONENT + 1;
        float[] edges = new float[2 * powers];
        for (int i = 0; i < powers; i++) {
            edges[powers + i] = (float) Math.scalb(1.0, LEAST_EXPONENT + i);
            edges[powers - 1 - i] = -edges[powers + i];
        }
        return edges;
    }

    /** Into how many parts rows are divided while edges of so many bins are sought. */
    static int parts(int bins) {
        return Math.max(64, 4 * bins);
    }

    /** The cell of a value that is not NaN. */
    static int cell(float[] edges, float value) {
        // Adding 0 makes 0 of -0, which is not below an edge of 0.
        int found = Arrays.binarySearch(edges, value + 0f);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /**
     * Edges of cells that are nearer to having as many rows each: a cell of several shares is divided evenly into as many cells,
     * cells of less than a share are joined. A cell without end is not divided.
     *
     * @param counts rows in each cell
     * @param parts into how many shares the rows are divided
     * @param smallest the least rows of a share
     */
    static float[] refined(float[] edges, double[] counts, int parts, int smallest) {
        double share = Math.max(Arrays.stream(counts).sum() / parts, Math.max(1, smallest));
        EdgeList refined = new EdgeList(MOST_PER_PART * parts + 2);
        double joined = 0;
        for (int cell = 0; cell < counts.length; cell++) {
            boolean bounded = cell > 0 && cell < edges.length;
            joined += counts[cell];
            if (counts[cell] >= share) {
                if (cell > 0) {
                    refined.add(edges[cell - 1]);
                }
                int divided = bounded ? (int) Math.floor(counts[cell] / share) : 1;
                for (int i = 1; i < divided; i++) {
                    double width = (double) edges[cell] - edges[cell - 1];
                    refined.add((float) (edges[cell - 1] + width * i / divided));
                }
            }
            if (joined >= share && cell < edges.length) {
                refined.add(edges[cell]);
                joined = 0;
            }
        }
        return refined.edges();
    }

    /**
     * Edges of at most so many bins, with as equal numbers of rows as cells allow. Where there is room between the cells of two
     * bins, the edge lies in its middle.
     */
    static float[] chosen(float[] edges, double[] counts, int bins) {
        EdgeList chosen = new EdgeList(bins - 1);
        long filled = Arrays.stream(counts).filter(count -> count > 0).count();
        double left = Arrays.stream(counts).sum();
        int binsLeft = bins;
        double inBin = 0;
        int last = -1;
        for (int cell = 0; cell < counts.length; cell++) {
            if (counts[cell] == 0) {
                continue;
            }
            boolean full = filled <= bins || Math.max(inBin, counts[cell]) >= left / binsLeft;
            if (last >= 0 && full && binsLeft > 1) {
                chosen.add((float) (((double) edges[last] + edges[cell - 1]) / 2));
                left -= inBin;
                inBin = 0;
                binsLeft--;
            }
            inBin += counts[cell];
            last = cell;
        }
        return chosen.edges();
    }

    /** Ascending edges; one that is not above the last is left out. */
    private static final class EdgeList {
        private final float[] edges;
        private int size;

        EdgeList(int most) {
            edges = new float[most];
        }

        void add(float edge) {
            if (size == 0 || edge > edges[size - 1]) {
                edges[size++] = edge + 0f;
            }
        }

        float[] edges() {
            return Arrays.copyOf(edges, size);
        }
    }
}
