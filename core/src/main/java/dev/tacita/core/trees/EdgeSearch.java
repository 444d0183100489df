package dev.tacita.core.trees;

import dev.tacita.core.learning.RoundMean;

/** What the aggregator makes of a round that seeks edges. */
final class EdgeSearch {
    private EdgeSearch() {}

    static void step(BoostedTrees algorithm, Forest forest, RoundMean mean) {
        ForestLayout layout = forest.layout();
        if (forest.edgeRounds() == 0) {
            double rows = Math.max(1, Digits.sum(mean, 0, ForestLayout.DIGITS_OF_A_COUNT));
            for (int output = 0; output < layout.outputs(); output++) {
                double sum = Digits.sum(mean, layout.targetSum(output), ForestLayout.DIGITS_OF_A_GRADIENT);
                forest.setTargetMean(output, sum * SiteRows.UNIT / rows);
            }
        }
        boolean last = forest.edgeRounds() + 1 == algorithm.edgeRounds();
        float[][] found = new float[layout.features()][];
        for (int feature = 0; feature < found.length; feature++) {
            float[] edges = forest.edges(feature);
            double[] counts = new double[edges.length + 1];
            for (int cell = 0; cell < counts.length; cell++) {
                // Of a hostile site a number of rows may be negative.
                counts[cell] =
                        Math.max(0, Digits.sum(mean, layout.edgeCell(feature, cell), ForestLayout.DIGITS_OF_A_COUNT));
            }
            found[feature] = last
                    ? BinEdges.chosen(edges, counts, algorithm.bins())
                    : BinEdges.refined(edges, counts, BinEdges.parts(algorithm.bins()), algorithm.smallestNode());
        }
        for (int feature = 0; feature < found.length; feature++) {
            forest.setEdges(feature, found[feature]);
        }
        forest.countEdgeRound();
    }
}
