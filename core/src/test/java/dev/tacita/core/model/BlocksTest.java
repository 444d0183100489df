package dev.tacita.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlocksTest {
    @Test
    void resNet18HasTheParametersOfThePaper() {
        ModelSpec small = ResNet.resNet18(ResNet.Stem.SMALL, Shape.of(3, 32, 32), 64, 10, Blocks.batchNorm());
        assertThat(trained(small)).isEqualTo(11_173_962);
        assertThat(small.layout().size()).isEqualTo(11_173_962 + 2 * 4_800);
        assertThat(small.shapes()).containsEntry("stage-4-block-2-relu", Shape.of(512, 4, 4));
        ModelSpec large = ResNet.resNet18(ResNet.Stem.LARGE, Shape.of(3, 224, 224), 64, 1000, Blocks.batchNorm());
        assertThat(trained(large)).isEqualTo(11_689_512);
        assertThat(large.shapes())
                .containsEntry("stem-pool", Shape.of(64, 56, 56))
                .containsEntry("stage-4-block-2-relu", Shape.of(512, 7, 7));
        assertThat(large.outputShape()).isEqualTo(Shape.of(1000));
    }

    @Test
    void aNarrowResNetWithGroupNormKeepsExamplesApart() {
        ModelSpec narrow = ResNet.resNet18(ResNet.Stem.SMALL, Shape.of(1, 28, 28), 4, 10, Blocks.groupNorm(8));
        assertThat(narrow.mixingNodes()).isEmpty();
        assertThat(narrow.nodes())
                .extracting(Node::layer)
                .contains(Normalization.GroupNorm.of(4), Normalization.GroupNorm.of(8));
        assertThat(ResNet.resNet18(ResNet.Stem.SMALL, Shape.of(1, 28, 28), 4, 10, Blocks.batchNorm())
                        .mixingNodes())
                .hasSize(20);
    }

    @Test
    void aBottleneckWidensFourfoldAndPassesTheInputByWhereItCan() {
        GraphBuilder graph = new GraphBuilder();
        String image = graph.input("image", Shape.of(8, 9, 9));
        String first = Blocks.bottleneck(graph, "a", image, 4, 2, Blocks.batchNorm());
        String second = Blocks.bottleneck(graph, "b", first, 4, 1, Blocks.batchNorm());
        ModelSpec model = graph.build(second);
        assertThat(model.outputShape()).isEqualTo(Shape.of(16, 5, 5));
        assertThat(model.nodes())
                .extracting(Node::id)
                .contains("a-shortcut-conv")
                .doesNotContain("b-shortcut-conv");
        assertThat(model.nodes().stream().filter(node -> node.id().equals("b-sum")))
                .extracting(Node::inputs)
                .containsExactly(List.of("b-3-norm", "a-relu"));
    }

    @Test
    void aBuilderNamesTheNodeThatDoesNotFit() {
        GraphBuilder graph = new GraphBuilder();
        String x = graph.input("x", Shape.of(3, 4, 4));
        assertThat(graph.chain("hidden", x, List.of(new Layer.Flatten(), Layer.Dense.of(5))))
                .isEqualTo("hidden-2");
        assertThat(graph.shape("hidden-2")).isEqualTo(Shape.of(5));
        assertThatThrownBy(() -> graph.add("dense", Layer.Dense.of(2), x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("node 'dense': its input must be a vector")
                .hasMessageEndingWith("Provided shape: [3, 4, 4]");
        assertThatThrownBy(() -> graph.add("dense", Layer.Dense.of(2), "nowhere"))
                .hasMessage("no input or earlier node is named 'nowhere'");
        assertThatThrownBy(() -> graph.build("nowhere")).isInstanceOf(ProblemsException.class);
    }

    private static int trained(ModelSpec model) {
        return model.layout().slots().stream()
                .filter(ParameterLayout.Slot::trained)
                .mapToInt(ParameterLayout.Slot::length)
                .sum();
    }
}
