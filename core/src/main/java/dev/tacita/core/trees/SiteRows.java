package dev.tacita.core.trees;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.NotEncodableException;

/** What one site's rows come to under an ensemble: sums, in the order of the rows, exact whatever that is. */
final class SiteRows {
    /** Of a gradient, a Hessian or a target. */
    static final double UNIT = 1.0 / (1 << 24);

    /** So that no sum over a site's rows wraps. */
    private static final double LARGEST = 1 << 17;

    private static final int MOST_ROWS = (1 << 22) - 1;

    private final Forest forest;
    private final ForestLayout layout;
    private final BoostedLoss loss;
    private final Examples rows;
    private final double[] starts;

    SiteRows(Forest forest, Loss loss, Examples rows) {
        this.forest = forest;
        this.layout = forest.layout();
        this.loss = BoostedLoss.of(loss, layout.outputs());
        this.rows = rows;
        this.starts = new double[layout.outputs()];
        for (int i = 0; i < starts.length && forest.edgeRounds() > 0; i++) {
            starts[i] = this.loss.start(forest.targetMean(i));
        }
    }

    /** What is done with each row. */
    private interface RowUse {
        void use(float[] row, float target);
    }

    private void forEach(RowUse use) throws InterruptedException {
        float[] row = new float[layout.features()];
        float[] target = new float[rows.targetSize()];
        for (int index = 0; index < rows.size(); index++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("training was interrupted");
            }
            rows.copyInput(index, row, 0);
            rows.copyTarget(index, target, 0);
            use.use(row, target[0]);
        }
    }

    /** Metrics of the whole ensemble. */
    Evaluation evaluation() throws InterruptedException {
        double[] lossSum = new double[1];
        long[] right = new long[1];
        double[] outputs = new double[starts.length];
        forEach((row, target) -> {
            outputs(outputs, row, true);
            lossSum[0] += loss.loss(outputs, target);
            right[0] += loss.isRight(outputs, target) ? 1 : 0;
        });
        return new Evaluation(rows.size(), lossSum[0], right[0]);
    }

    private void outputs(double[] outputs, float[] row, boolean growing) {
        System.arraycopy(starts, 0, outputs, 0, starts.length);
        forest.addTo(outputs, row, growing);
    }

    /** The rows in each cell; in the first round also the sums of the targets. */
    void addEdgeSums(float[] contribution) throws InterruptedException {
        requireFewEnough();
        float[][] edges = edges();
        long[] targets = new long[starts.length];
        long[][] counts = new long[layout.features()][layout.room() + 2];
        forEach((row, target) -> {
            for (int output = 0; output < targets.length; output++) {
                targets[output] += whole(loss.target(target, output));
            }
            for (int feature = 0; feature < row.length; feature++) {
                int cell = Float.isNaN(row[feature]) ? layout.room() + 1 : BinEdges.cell(edges[feature], row[feature]);
                counts[feature][cell]++;
            }
        });
        if (forest.edgeRounds() == 0) {
            Digits.write("the number of rows", rows.size(), ForestLayout.DIGITS_OF_A_COUNT, contribution, 0);
            for (int output = 0; output < targets.length; output++) {
                Digits.write(
                        "a sum of targets",
                        targets[output],
                        ForestLayout.DIGITS_OF_A_GRADIENT,
                        contribution,
                        layout.targetSum(output));
            }
        }
        for (int feature = 0; feature < counts.length; feature++) {
            for (int cell = 0; cell < counts[feature].length; cell++) {
                Digits.write(
                        "a number of rows",
                        counts[feature][cell],
                        ForestLayout.DIGITS_OF_A_COUNT,
                        contribution,
                        layout.edgeCell(feature, cell));
            }
        }
    }

    /** For each open node, feature and bin the sums of the derivatives and the number of rows. */
    void addNodeSums(float[] contribution) throws InterruptedException {
        requireFewEnough();
        float[][] edges = edges();
        int level = forest.level();
        int first = (1 << level) - 1;
        int step = forest.finished();
        int missing = layout.algorithm().bins();
        long[] gradientSums = new long[layout.bins()];
        long[] hessianSums = new long[layout.bins()];
        int[] counts = new int[layout.bins()];
        double[] outputs = new double[starts.length];
        double[] gradients = new double[starts.length];
        double[] hessians = new double[starts.length];
        forEach((row, target) -> {
            outputs(outputs, row, false);
            loss.derivatives(outputs, target, gradients, hessians);
            for (int output = 0; output < outputs.length; output++) {
                int root = forest.root(step, output);
                int node = forest.descend(root, row, level);
                if (node < first || (level > 0 && forest.kind(root, node) != Forest.OPEN)) {
                    continue;
                }
                long gradient = whole(gradients[output]);
                long hessian = whole(hessians[output]);
                for (int feature = 0; feature < row.length; feature++) {
                    int bin = Float.isNaN(row[feature]) ? missing : BinEdges.cell(edges[feature], row[feature]);
                    int at = layout.bin(output, node - first, feature, bin);
                    gradientSums[at] += gradient;
                    hessianSums[at] += hessian;
                    counts[at]++;
                }
            }
        });
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] > 0) {
                int at = bin * ForestLayout.DIGITS_OF_A_CELL;
                Digits.write(
                        "a sum of gradients", gradientSums[bin], ForestLayout.DIGITS_OF_A_GRADIENT, contribution, at);
                at += ForestLayout.DIGITS_OF_A_GRADIENT;
                Digits.write("a sum of Hessians", hessianSums[bin], ForestLayout.DIGITS_OF_A_HESSIAN, contribution, at);
                at += ForestLayout.DIGITS_OF_A_HESSIAN;
                Digits.write("a number of rows", counts[bin], ForestLayout.DIGITS_OF_A_COUNT, contribution, at);
            }
        }
    }

    private void requireFewEnough() {
        if (rows.size() > MOST_ROWS) {
            throw new NotEncodableException("a site must have at most " + MOST_ROWS
                    + " rows for boosted-trees. Provided value: " + rows.size());
        }
    }

    private float[][] edges() {
        float[][] edges = new float[layout.features()][];
        for (int feature = 0; feature < edges.length; feature++) {
            edges[feature] = forest.edges(feature);
        }
        return edges;
    }

    /** Rounded to a multiple of the unit. */
    private static long whole(double value) {
        if (!(Math.abs(value) <= LARGEST)) {
            throw new NotEncodableException(
                    "a gradient must be a number within +-" + LARGEST + " for boosted-trees. Provided value: " + value);
        }
        return (long) Math.rint(value / UNIT);
    }
}
