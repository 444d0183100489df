package dev.tacita.core.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoostedTreesTest {
    private static final Loss BINARY = new Loss.BinaryCrossEntropyWithLogits();
    private static final Loss SQUARED = new Loss.MeanSquaredError();

    /** Four features: continuous, whole numbers, mostly zero, and two values; some missing. */
    private record Table(float[][] rows, float[] numbers, float[] labels) {
        static Table of(long seed, int size) {
            SplittableRandom random = new SplittableRandom(seed);
            float[][] rows = new float[size][];
            float[] numbers = new float[size];
            float[] labels = new float[size];
            for (int i = 0; i < size; i++) {
                rows[i] = new float[] {
                    (float) random.nextGaussian(),
                    20 + random.nextInt(60),
                    random.nextInt(3) == 0 ? (float) random.nextExponential() : 0,
                    random.nextInt(2)
                };
                double truth = rows[i][0] + (rows[i][1] > 50 ? 1 : -.5) * (rows[i][3] + .5) - rows[i][2];
                for (int feature = 0; feature < 3; feature++) {
                    if (random.nextInt(7) == 0) {
                        rows[i][feature] = Float.NaN;
                        truth += .7;
                    }
                }
                numbers[i] = (float) (truth + .3 * random.nextGaussian());
                labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-2 * truth)) ? 1 : 0;
            }
            return new Table(rows, numbers, labels);
        }

        float[] targets(Loss loss) {
            return loss == BINARY ? labels : numbers;
        }

        Examples all(Loss loss) {
            return GrownTrees.examples(rows, targets(loss));
        }

        /** Dealt to sites of unequal sizes, the first of which has one row. */
        List<Examples> sites(Loss loss, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<List<Integer>> dealt =
                    List.of(new ArrayList<>(List.of(0)), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 1; i < rows.length; i++) {
                dealt.get(i < 4 ? i : rows[i][3] == 0 ? 3 : 1 + random.nextInt(2))
                        .add(i);
            }
            return dealt.stream()
                    .map(rows -> all(loss)
                            .select(rows.stream().mapToInt(Integer::intValue).toArray()))
                    .toList();
        }
    }

    private static BoostedTrees settings(int trees, int depth, int bins, int smallestNode) {
        return new BoostedTrees(trees, depth, bins, .3, 1, 0, .5, smallestNode, 3);
    }

    @Test
    void sitesTogetherGrowTheBitsOfOneSiteWithAllRows() throws InterruptedException {
        for (long seed = 1; seed <= 6; seed++) {
            Loss loss = seed % 2 == 0 ? BINARY : SQUARED;
            Table table = Table.of(seed, 400);
            BoostedTrees algorithm = settings(5, 4, 16, 3);
            float[] pooled = GrownTrees.grow(algorithm, loss, 1, List.of(table.all(loss)));
            assertThat(GrownTrees.grow(algorithm, loss, 1, table.sites(loss, seed)))
                    .as("seed " + seed)
                    .containsExactly(pooled);
            assertThat(algorithm.ensemble(loss, pooled).steps()).hasSize(5);
        }
    }

    @Test
    void classesOfSitesTogetherGrowTheBitsOfOneSiteWithAllRows() throws InterruptedException {
        Loss loss = new Loss.SoftmaxCrossEntropy();
        for (long seed = 1; seed <= 3; seed++) {
            Table table = Table.of(seed, 300);
            float[] classes = new float[300];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = table.numbers()[i] < -.5 ? 0 : table.numbers()[i] < .8 ? 1 : 2;
            }
            Table three = new Table(table.rows(), classes, classes);
            BoostedTrees algorithm = settings(8, 3, 16, 1);
            float[] pooled = GrownTrees.grow(algorithm, loss, 3, List.of(three.all(loss)));
            assertThat(GrownTrees.grow(algorithm, loss, 3, three.sites(loss, seed)))
                    .as("seed " + seed)
                    .containsExactly(pooled);
            TreeEnsemble ensemble = algorithm.ensemble(loss, pooled);
            int right = 0;
            for (int i = 0; i < classes.length; i++) {
                double[] p = ensemble.predict(table.rows()[i]);
                assertThat(p[0] + p[1] + p[2]).isCloseTo(1, within(1e-12));
                int best = p[0] > p[1] && p[0] > p[2] ? 0 : p[1] > p[2] ? 1 : 2;
                right += best == classes[i] ? 1 : 0;
            }
            assertThat(right).as("seed " + seed).isGreaterThan(225);
        }
    }

    @Test
    void treesAreThoseOfABruteForceSearchOverTheSameEdges() throws InterruptedException {
        for (long seed = 11; seed <= 18; seed++) {
            Loss loss = seed % 2 == 0 ? BINARY : SQUARED;
            Table table = Table.of(seed, 120);
            BoostedTrees algorithm = new BoostedTrees(3, 3, 8, .5, seed % 3, seed % 4 * .2, 1, 1 + (int) seed % 5, 3);
            float[] grown = GrownTrees.grow(algorithm, loss, 1, table.sites(loss, seed));
            TreeEnsemble ensemble = algorithm.ensemble(loss, grown);
            Forest forest = Forest.of(algorithm, grown);
            float[][] edges = IntStream.range(0, 4).mapToObj(forest::edges).toArray(float[][]::new);
            List<TreeNode> expected = new NaiveTrees(
                            algorithm,
                            edges,
                            table.rows(),
                            table.targets(loss),
                            loss == BINARY,
                            ensemble.starts().get(0))
                    .grow();
            assertThat(ensemble.steps()).hasSameSizeAs(expected);
            for (int tree = 0; tree < expected.size(); tree++) {
                String what = "seed " + seed + ", tree " + tree;
                compare(ensemble.steps().get(tree).get(0), expected.get(tree), table.rows(), what);
            }
        }
    }

    /** The same questions; of rows without a number, only where there are some in the node. */
    private static void compare(TreeNode grown, TreeNode expected, float[][] members, String what) {
        if (expected instanceof TreeNode.Leaf leaf) {
            assertThat(grown).as(what).isInstanceOf(TreeNode.Leaf.class);
            assertThat(((TreeNode.Leaf) grown).value()).as(what).isCloseTo(leaf.value(), within(1e-5f));
            return;
        }
        assertThat(grown).as(what).isInstanceOf(TreeNode.Split.class);
        TreeNode.Split ours = (TreeNode.Split) grown;
        TreeNode.Split theirs = (TreeNode.Split) expected;
        assertThat(ours.feature()).as(what).isEqualTo(theirs.feature());
        assertThat(ours.threshold()).as(what).isEqualTo(theirs.threshold());
        assertThat(ours.gain()).as(what).isCloseTo(theirs.gain(), within(1e-4f * (1 + theirs.gain())));
        int feature = ours.feature();
        List<float[]> left = new ArrayList<>();
        List<float[]> right = new ArrayList<>();
        for (float[] row : members) {
            if (Float.isNaN(row[feature])) {
                assertThat(ours.missingLeft()).as(what).isEqualTo(theirs.missingLeft());
            }
            boolean goesLeft = Float.isNaN(row[feature]) ? ours.missingLeft() : row[feature] < ours.threshold();
            (goesLeft ? left : right).add(row);
        }
        compare(ours.left(), theirs.left(), left.toArray(float[][]::new), what + " left");
        compare(ours.right(), theirs.right(), right.toArray(float[][]::new), what + " right");
    }

    @Test
    void everyRoundLeavesAWholeEnsembleThatFitsBetter() throws InterruptedException {
        Table table = Table.of(5, 500);
        BoostedTrees algorithm = settings(4, 3, 32, 1);
        List<Examples> sites = table.sites(BINARY, 1);
        double before = Double.POSITIVE_INFINITY;
        for (int round = 0; round <= algorithm.rounds().getAsInt() + 1; round++) {
            float[] parameters = GrownTrees.grow(algorithm, BINARY, 1, sites, round);
            ModelSpec model = GrownTrees.model(sites, 1);
            LocalTask task = new LocalTask(model, BINARY, new LocalWork.Evaluate(), parameters, SeedStream.of(1));
            double loss = algorithm
                    .evaluate(task, GrownTrees.NO_TRAINER, table.all(BINARY))
                    .loss();
            TreeEnsemble ensemble = algorithm.ensemble(BINARY, parameters);
            double sum = 0;
            for (int i = 0; i < table.rows().length; i++) {
                double p = ensemble.predict(table.rows()[i])[0];
                sum -= Math.log(table.labels()[i] == 1 ? p : 1 - p);
            }
            assertThat(loss).as("round " + round).isCloseTo(sum / 500, within(1e-9));
            if (round == 0) {
                assertThat(loss).isCloseTo(Math.log(2), within(1e-12));
            } else if (round > 3 && round <= algorithm.rounds().getAsInt()) {
                assertThat(loss).as("round " + round).isLessThan(before);
            } else {
                assertThat(loss).as("round " + round).isLessThanOrEqualTo(before);
            }
            before = loss;
        }
        assertThat(before).isLessThan(.5);
    }

    @Test
    void aPureLeafIsNotDividedAndAConstantFeatureNotAskedAbout() throws InterruptedException {
        float[][] rows = new float[40][];
        float[] targets = new float[40];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {7, i < 25 ? -3 : 2};
            targets[i] = i < 25 ? 10 : 20;
        }
        BoostedTrees algorithm = new BoostedTrees(1, 5, 8, 1, 0, 0, 0, 1, 2);
        Examples all = GrownTrees.examples(rows, targets);
        float[] grown = GrownTrees.grow(
                algorithm,
                SQUARED,
                1,
                List.of(
                        all.select(IntStream.range(0, 25).toArray()),
                        all.select(IntStream.range(25, 40).toArray())));
        TreeEnsemble ensemble = algorithm.ensemble(SQUARED, grown);
        TreeNode.Split root = (TreeNode.Split) ensemble.steps().get(0).get(0);
        assertThat(root.feature()).isEqualTo(1);
        assertThat(root.threshold()).isBetween(-2.99f, 2f);
        assertThat(root.left()).isInstanceOf(TreeNode.Leaf.class);
        assertThat(root.right()).isInstanceOf(TreeNode.Leaf.class);
        assertThat(ensemble.predict(new float[] {7, -3})[0]).isCloseTo(10, within(1e-5));
        assertThat(ensemble.predict(new float[] {7, 2})[0]).isCloseTo(20, within(1e-5));
        assertThat(root.missingLeft()).as("where more rows are").isTrue();
    }

    @Test
    void whetherANumberIsThereAtAllCanBeTheQuestion() throws InterruptedException {
        float[][] rows = new float[30][];
        float[] targets = new float[30];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {i % 3 == 0 ? Float.NaN : 5};
            targets[i] = i % 3 == 0 ? 1 : 0;
        }
        BoostedTrees algorithm = new BoostedTrees(20, 1, 4, 1, 0, 0, 0, 1, 2);
        float[] grown = GrownTrees.grow(algorithm, BINARY, 1, List.of(GrownTrees.examples(rows, targets)));
        TreeEnsemble ensemble = algorithm.ensemble(BINARY, grown);
        TreeNode.Split root = (TreeNode.Split) ensemble.steps().get(0).get(0);
        assertThat(root.threshold()).isEqualTo(Float.MAX_VALUE);
        assertThat(root.missingLeft()).isFalse();
        assertThat(ensemble.predict(new float[] {Float.NaN})[0]).isGreaterThan(.99);
        assertThat(ensemble.predict(new float[] {5})[0]).isLessThan(.01);
    }

    @Test
    void noNodeHasFewerRowsThanTheSmallest() throws InterruptedException {
        Table table = Table.of(9, 300);
        float[] grown = GrownTrees.grow(settings(3, 5, 32, 25), SQUARED, 1, table.sites(SQUARED, 2));
        for (List<TreeNode> trees :
                settings(3, 5, 32, 25).ensemble(SQUARED, grown).steps()) {
            leastRows(trees.get(0), List.of(table.rows()));
        }
    }

    private static void leastRows(TreeNode node, List<float[]> rows) {
        assertThat(rows.size()).isGreaterThanOrEqualTo(25);
        if (node instanceof TreeNode.Split split) {
            var question = new TreeNode.Split(
                    split.feature(),
                    split.threshold(),
                    split.missingLeft(),
                    0,
                    new TreeNode.Leaf(0),
                    new TreeNode.Leaf(1));
            leastRows(
                    split.left(),
                    rows.stream().filter(row -> question.value(row) == 0).toList());
            leastRows(
                    split.right(),
                    rows.stream().filter(row -> question.value(row) == 1).toList());
        }
    }

    @Test
    void settingsAndModelsThatDoNotFitAreRefusedWithEveryReason() {
        assertThatThrownBy(() -> settings(0, 1, 2, 1)).hasMessage("trees must be 1 to 10000. Provided value: 0");
        assertThatThrownBy(() -> settings(1, 11, 2, 1)).hasMessage("depth must be 1 to 10. Provided value: 11");
        assertThatThrownBy(() -> settings(1, 1, 1, 1)).hasMessage("bins must be 2 to 1024. Provided value: 1");
        assertThatThrownBy(() -> settings(1, 1, 2, 0)).hasMessageStartingWith("smallest-node must be 1 to");
        assertThatThrownBy(() -> new BoostedTrees(1, 1, 2, 1.5, 1, 0, 1, 1, 3))
                .hasMessage("learning-rate must be > 0 and <= 1. Provided value: 1.5");
        assertThatThrownBy(() -> new BoostedTrees(1, 1, 2, 1, Double.NaN, 0, 1, 1, 3))
                .hasMessage("lambda must be >= 0 and finite. Provided value: NaN");
        assertThat(settings(10, 10, 1024, 1).problemsWith(Models.logisticRegression(50, 3), BINARY))
                .extracting(Problem::toString)
                .satisfiesExactly(
                        first -> assertThat(first).contains("are too many to send: at most 67108864"),
                        second -> assertThat(second).contains("needs one output under binary-cross-entropy"));
        assertThat(settings(1, 1, 2, 1).problemsWith(Models.logisticRegression(50, 1), new Loss.Hinge()))
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .contains("boosted-trees needs binary-cross-entropy-with-logits, mean-squared-error, or softmax");
        assertThat(settings(1, 1, 2, 1).problemsWith(Models.leNet5(), new Loss.SoftmaxCrossEntropy()))
                .extracting(Problem::toString)
                .containsExactly("model: boosted-trees asks about the numbers of one input of one dimension.");
    }

    @Test
    void targetsThatTheLossDoesNotHaveAreRefused() {
        BoostedTrees algorithm = settings(1, 1, 2, 1);
        for (var each : List.of(
                new Object[] {BINARY, .5f, "a target must be a class from 0 to 1 for boosted-trees. Provided value: 0.5"
                },
                new Object[] {SQUARED, 1e6f, "a target must be a number within +-65536.0 for boosted-trees"},
                new Object[] {SQUARED, Float.NaN, "Provided value: NaN"})) {
            Examples rows = GrownTrees.examples(new float[][] {{1}}, new float[] {(float) each[1]});
            ModelSpec model = Models.logisticRegression(1, 1);
            var task = new LocalTask(
                    model,
                    (Loss) each[0],
                    algorithm.work(1),
                    algorithm.firstParameters(model, SeedStream.of(1)),
                    SeedStream.of(1));
            assertThatThrownBy(() -> algorithm.answer(SiteRound.of(task), GrownTrees.NO_TRAINER, rows))
                    .isInstanceOf(NotEncodableException.class)
                    .hasMessageContaining((String) each[2]);
        }
    }
}
