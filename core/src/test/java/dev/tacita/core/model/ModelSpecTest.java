package dev.tacita.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSpecTest {
    private static final Layer TANH = new Layer.Activation(new ActivationFunction.Tanh());

    @Test
    void allProblemsOfAGraphAreNamedAtOnce() {
        List<Input> inputs = List.of(new Input("x", Shape.of(1, 4, 4)), new Input("x", Shape.of(2)));
        List<Node> nodes = List.of(
                new Node("a", Layer.Dense.of(3), List.of("nowhere")),
                new Node("bad id", TANH, List.of("x")),
                new Node("b", Layer.Conv2d.of(2, Window.square(9, 1, 0)), List.of("x")),
                new Node("c", new Layer.Add(), List.of("b", "x")),
                new Node("c", new Layer.Concat(), List.of("x")));
        assertThatThrownBy(() -> new ModelSpec(inputs, nodes, "z"))
                .isInstanceOfSatisfying(
                        ProblemsException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::place)
                                .containsExactly(
                                        "node 'x'",
                                        "node 'a'",
                                        "node 'bad id'",
                                        "node 'b'",
                                        "node 'c'",
                                        "node 'c'",
                                        "output"));
    }

    @Test
    void aNodeMayOnlyReadWhatComesBeforeIt() {
        List<Node> nodes = List.of(new Node("a", TANH, List.of("b")), new Node("b", TANH, List.of("a")));
        assertThat(ModelSpec.problems(List.of(new Input("x", Shape.of(2))), nodes, "b"))
                .extracting(Problem::why)
                .containsExactly("no input or earlier node is named 'b'.");
    }

    @Test
    void aModelNeedsInputsAndNodes() {
        assertThat(ModelSpec.problems(List.of(), List.of(), "y"))
                .extracting(Problem::place)
                .containsExactly("inputs", "nodes", "output");
    }

    @Test
    void parametersLieInTheOrderOfNodesWithoutGaps() {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(1, 5, 5),
                List.of(
                        Layer.Conv2d.of(2, Window.square(3, 1, 0)),
                        TANH,
                        new Layer.Flatten(),
                        new Layer.Dense(3, false, Initializer.HE_NORMAL),
                        Layer.Dense.of(4)));
        ParameterLayout layout = model.layout();
        assertThat(layout.slots())
                .extracting(ParameterLayout.Slot::name, ParameterLayout.Slot::offset, ParameterLayout.Slot::length)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("layer-1.weight", 0, 18),
                        org.assertj.core.api.Assertions.tuple("layer-1.bias", 18, 2),
                        org.assertj.core.api.Assertions.tuple("layer-4.weight", 20, 54),
                        org.assertj.core.api.Assertions.tuple("layer-5.weight", 74, 12),
                        org.assertj.core.api.Assertions.tuple("layer-5.bias", 86, 4));
        assertThat(layout.size()).isEqualTo(90);
        assertThat(layout.of("layer-5")).hasSize(2);
        assertThat(layout.of("layer-2")).isEmpty();
    }

    @Test
    void initialValuesFollowTheirRulesAndSeeds() {
        ModelSpec model = Models.mcMahan2nn();
        float[] values = model.layout().initialValues(SeedStream.of(1));
        assertThat(values)
                .isEqualTo(model.layout().initialValues(SeedStream.of(1)))
                .isNotEqualTo(model.layout().initialValues(SeedStream.of(2)));
        double limit = Math.sqrt(6.0 / (784 + 200));
        double squares = 0;
        for (int i = 0; i < 156_800; i++) {
            assertThat(Math.abs(values[i])).isLessThanOrEqualTo((float) limit);
            squares += (double) values[i] * values[i];
        }
        assertThat(squares / 156_800).isCloseTo(limit * limit / 3, org.assertj.core.api.Assertions.withinPercentage(2));
        for (int i = 156_800; i < 157_000; i++) {
            assertThat(values[i]).isZero();
        }
    }

    @Test
    void theModelsOfMcMahanHaveTheParametersOfThePaper() {
        assertThat(Models.mcMahan2nn().layout().size()).isEqualTo(199_210);
        assertThat(Models.mcMahanCnn().layout().size()).isEqualTo(1_663_370);
        assertThat(Models.leNet5().layout().size()).isEqualTo(61_706);
        assertThat(Models.mcMahanCnn().outputShape()).isEqualTo(Shape.of(10));
        assertThat(Models.logisticRegression(13, 1).layout().size()).isEqualTo(14);
        assertThat(Models.logisticRegression(30, 4).outputShape()).isEqualTo(Shape.of(4));
    }

    @Test
    void sharedParametersLieInTheVectorOnce() {
        ModelSpec model = new ModelSpec(
                List.of(new Input("x", Shape.of(3))),
                List.of(
                        new Node("a", Layer.Dense.of(3), List.of("x")),
                        new Node("b", Layer.Dense.of(3), List.of("a")).sharing("a"),
                        new Node("c", Layer.Dense.of(2), List.of("b")).asFrozen()),
                "c");
        ParameterLayout layout = model.layout();
        assertThat(layout.size()).isEqualTo(12 + 8);
        assertThat(layout.of("b")).hasSize(2).isEqualTo(layout.of("a"));
        assertThat(layout.slots()).extracting(ParameterLayout.Slot::frozen).containsExactly(false, false, true, true);
    }

    @Test
    void onlyAnEarlierNodeOfTheSameLayerAndShapesCanShareItsParameters() {
        Layer dense = Layer.Dense.of(3);
        List<Node> nodes = List.of(
                new Node("a", dense, List.of("x")),
                new Node("itself", dense, List.of("a")).sharing("itself"),
                new Node("of-input", dense, List.of("a")).sharing("x"),
                new Node("other-layer", Layer.Dense.of(4), List.of("a")).sharing("a"),
                new Node("other-shape", dense, List.of("other-layer")).sharing("a"),
                new Node("b", dense, List.of("a")).sharing("a"),
                new Node("of-sharer", dense, List.of("b")).sharing("b"),
                new Node("frozen-too", dense, List.of("b")).sharing("a").asFrozen(),
                new Node("tanh", TANH, List.of("a")),
                new Node("no-parameters", TANH, List.of("tanh")).sharing("tanh"),
                new Node("lost", dense, List.of("nowhere")).sharing("a"));
        assertThat(ModelSpec.problems(List.of(new Input("x", Shape.of(3))), nodes, "b"))
                .extracting(Problem::toString)
                .containsExactly(
                        "node 'itself': no earlier node is named 'itself', whose parameters it is to share.",
                        "node 'of-input': no earlier node is named 'x', whose parameters it is to share.",
                        "node 'other-layer': it must be the same layer as 'a', whose parameters it shares.",
                        "node 'other-shape': its parameters must have the shapes of those of 'a', which it shares: [[3, 3],"
                                + " [3]]. Provided value: [[3, 4], [3]].",
                        "node 'of-sharer': it must share the parameters of a node that has its own; those of 'b' are of"
                                + " 'a'.",
                        "node 'frozen-too': it shares the parameters of 'a'; only there can they be frozen.",
                        "node 'no-parameters': its parameters must have the shapes of those of 'tanh', which it shares: []."
                                + " Provided value: [].",
                        "node 'lost': no input or earlier node is named 'nowhere'.");
    }
}
