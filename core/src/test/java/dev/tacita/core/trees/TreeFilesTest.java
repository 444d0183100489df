package dev.tacita.core.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Loss;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TreeFilesTest {
    private static final TreeEnsemble BINARY = new TreeEnsemble(
            new Loss.BinaryCrossEntropyWithLogits(),
            3,
            List.of(-.25),
            List.of(
                    List.of(new TreeNode.Split(
                            0,
                            54.5f,
                            true,
                            12.25f,
                            new TreeNode.Leaf(-.5f),
                            new TreeNode.Split(
                                    1, Float.MAX_VALUE, false, 3, new TreeNode.Leaf(.75f), new TreeNode.Leaf(.125f)))),
                    List.of(new TreeNode.Leaf(.0625f))));

    private static final TreeEnsemble CLASSES = new TreeEnsemble(
            new Loss.SoftmaxCrossEntropy(),
            2,
            List.of(-1.0, 0.5),
            List.of(List.of(
                    new TreeNode.Split(1, -1e-3f, false, .5f, new TreeNode.Leaf(1), new TreeNode.Leaf(-1)),
                    new TreeNode.Leaf(0))));

    private static final List<String> NAMES = List.of("age", "the \"test\"", "sex");

    private static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(TreeFilesTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void textsAreThoseThatWereKept() throws IOException {
        assertThat(TreeText.of(BINARY, NAMES)).isEqualTo(golden("binary.txt"));
        assertThat(TreeText.of(CLASSES, List.of())).isEqualTo(golden("classes.txt"));
    }

    /** XGBoost 3.2.0 was seen to load these files and to predict the same; benchmarks/peers/trees does so with whole ensembles. */
    @Test
    void xgboostModelsAreThoseThatWereKept() throws IOException {
        assertThat(XgboostJson.of(BINARY, NAMES)).isEqualTo(golden("binary.json"));
        assertThat(XgboostJson.of(CLASSES, List.of())).isEqualTo(golden("classes.json"));
    }

    @Test
    void aPredictionFollowsTheQuestions() {
        assertThat(BINARY.outputs(new float[] {54, 0, 0})[0]).isEqualTo(-.25 - .5 + .0625);
        assertThat(BINARY.outputs(new float[] {54.5f, 0, 0})[0]).isEqualTo(-.25 + .75 + .0625);
        assertThat(BINARY.outputs(new float[] {60, Float.NaN, 0})[0]).isEqualTo(-.25 + .125 + .0625);
        assertThat(BINARY.outputs(new float[] {Float.NaN, 0, 0})[0]).isEqualTo(-.25 - .5 + .0625);
        assertThat(BINARY.predict(new float[] {54, 0, 0})[0]).isEqualTo(1 / (1 + StrictMath.exp(.6875)));
        assertThat(CLASSES.predict(new float[] {0, -1})[0]).isCloseTo(1 / (1 + Math.exp(.5)), within(1e-15));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> BINARY.predict(new float[2]))
                .hasMessage("an input must have 3 numbers. Provided value: 2");
        assertThatThrownBy(() -> TreeText.of(BINARY, List.of("age")))
                .hasMessage("there must be a name for each of the 3 numbers of an input. Provided value: 1 names");
        assertThatThrownBy(() -> new TreeEnsemble(BINARY.loss(), 1, BINARY.starts(), BINARY.steps()))
                .hasMessage("a split must ask about one of 1 numbers. Provided value: 1");
        assertThatThrownBy(() -> new TreeEnsemble(BINARY.loss(), 2, CLASSES.starts(), BINARY.steps()))
                .hasMessage("each step must have a tree for each output. Provided value: 2 outputs");
    }
}
