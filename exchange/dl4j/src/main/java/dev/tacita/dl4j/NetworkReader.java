package dev.tacita.dl4j;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.util.GraphIndices;

/** Reads a network's configuration, vertex by vertex in the order of its parameters. */
final class NetworkReader {
    private static final String INPUT = "input";

    private final Draft draft = new Draft();
    private final LayerReader layers = new LayerReader(draft);
    private final Map<String, GraphVertex> vertices;
    private final Map<String, List<String>> reads;
    private final List<String> inputs;
    private final List<String> outputs;

    private NetworkReader(
            Map<String, GraphVertex> vertices,
            Map<String, List<String>> reads,
            List<String> inputs,
            List<String> outputs) {
        this.vertices = vertices;
        this.reads = reads;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    static Dl4jMapping read(MultiLayerConfiguration configuration, String subject, List<Shape> shapes) {
        Map<String, GraphVertex> vertices = new LinkedHashMap<>();
        Map<String, List<String>> reads = new LinkedHashMap<>();
        String last = INPUT;
        for (int i = 0; i < configuration.getConfs().size(); i++) {
            var layer = configuration.getConf(i);
            String name = "layer" + i;
            vertices.put(name, new LayerVertex(layer, configuration.getInputPreProcess(i)));
            reads.put(name, List.of(last));
            last = name;
        }
        return new NetworkReader(vertices, reads, List.of(INPUT), List.of(last)).read(subject, shapes);
    }

    static Dl4jMapping read(ComputationGraphConfiguration configuration, String subject, List<Shape> shapes) {
        GraphIndices indices = new ComputationGraph(configuration).calculateIndices();
        List<String> inputs = configuration.getNetworkInputs();
        Map<String, GraphVertex> vertices = new LinkedHashMap<>();
        for (int index : indices.getTopologicalSortOrder()) {
            String name = indices.getIdxToName().get(index);
            if (!inputs.contains(name)) {
                vertices.put(name, configuration.getVertices().get(name));
            }
        }
        var reader =
                new NetworkReader(vertices, configuration.getVertexInputs(), inputs, configuration.getNetworkOutputs());
        if (!new HashSet<>(vertices.keySet()).equals(configuration.getVertices().keySet())) {
            reader.draft.problem("the order of the vertices", "it must have each vertex once.");
        }
        return reader.read(subject, shapes);
    }

    private Dl4jMapping read(String subject, List<Shape> shapes) {
        if (outputs.size() != 1) {
            draft.problem("the outputs", "there must be one. Provided value: " + outputs + ".");
        }
        if (!shapes.isEmpty() && shapes.size() != inputs.size()) {
            draft.problem(
                    "the inputs", "there must be a shape for each of " + inputs + ". Provided value: " + shapes + ".");
        } else {
            for (int i = 0; i < inputs.size(); i++) {
                input(inputs.get(i), shapes.isEmpty() ? statedShape(inputs.get(i)) : Optional.of(shapes.get(i)));
            }
        }
        vertices.forEach((name, vertex) -> read(name, vertex, reads.getOrDefault(name, List.of())));
        Optional<String> output = outputs.stream().findFirst().flatMap(draft::output);
        if (draft.isWhole() && output.isPresent() && draft.shape(output.get()).rank() == 2) {
            draft.chain(
                    outputs.get(0),
                    "the output",
                    output.get(),
                    List.of(Reading.of(Step.of("by-feature", new Rearrangement.Transpose(List.of(1, 0))))));
            output = draft.output(outputs.get(0));
        }
        return draft.build(subject, output, layers.loss());
    }

    private void input(String name, Optional<Shape> shape) {
        if (shape.isEmpty()) {
            draft.problem(
                    "the input '" + Printable.of(name) + "'",
                    "the network does not say its shape; name it, as in (channels, height, width).");
            return;
        }
        draft.input(name, shape.get());
        if (shape.get().rank() == 2) {
            draft.chain(
                    name,
                    "the input",
                    draft.output(name).orElseThrow(),
                    List.of(Reading.of(Step.of("by-step", new Rearrangement.Transpose(List.of(1, 0))))));
        }
    }

    /** What the first layer says about the shape of an input. */
    private Optional<Shape> statedShape(String input) {
        return vertices.entrySet().stream()
                .filter(entry -> reads.getOrDefault(entry.getKey(), List.of()).contains(input))
                .flatMap(entry -> statedShape(entry.getValue()).stream())
                .findFirst();
    }

    private static Optional<Shape> statedShape(GraphVertex vertex) {
        if (!(vertex instanceof LayerVertex layer)) {
            return Optional.empty();
        }
        try {
            if (layer.getPreProcessor() instanceof FeedForwardToCnnPreProcessor image) {
                return Optional.of(Shape.of(Preprocessors.shape(image).size()));
            }
            var outer = layer.getLayerConf().getLayer();
            var conf = outer instanceof FrozenLayer frozen
                    ? frozen.getLayer()
                    : outer instanceof FrozenLayerWithBackprop frozen ? frozen.getUnderlying() : outer;
            if (Optional.ofNullable(layer.getPreProcessor()).isPresent()) {
                return Optional.empty();
            }
            if (conf instanceof DenseLayer dense) {
                return Optional.of(Shape.of(Math.toIntExact(dense.getNIn())));
            }
            if (conf instanceof OutputLayer output) {
                return Optional.of(Shape.of(Math.toIntExact(output.getNIn())));
            }
            return conf instanceof EmbeddingSequenceLayer embedding && embedding.getInputLength() > 1
                    ? Optional.of(Shape.of(embedding.getInputLength()))
                    : Optional.empty();
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private void read(String name, GraphVertex vertex, List<String> from) {
        if (vertex instanceof LayerVertex layer) {
            var conf = layer.getLayerConf().getLayer();
            String place =
                    "layer '" + Printable.of(name) + "' (" + conf.getClass().getSimpleName() + ")";
            List<Reading> readings = new ArrayList<>();
            Optional.ofNullable(layer.getPreProcessor()).ifPresent(theirs -> readings.addAll(read(theirs, place)));
            readings.addAll(layers.read(conf, place));
            chain(name, place, from, readings);
            return;
        }
        String place =
                "vertex '" + Printable.of(name) + "' (" + vertex.getClass().getSimpleName() + ")";
        if (vertex instanceof PreprocessorVertex change) {
            chain(name, place, from, read(change.getPreProcessor(), place));
        } else if (vertex instanceof SubsetVertex subset) {
            chain(name, place, from, List.of(shape -> List.of(slice(subset, shape))));
        } else if (vertex instanceof ReshapeVertex reshape) {
            chain(name, place, from, List.of(shape -> List.of(reshape(reshape, shape))));
        } else if (vertex instanceof ElementWiseVertex element) {
            join(name, place, from, element(element));
        } else if (vertex instanceof MergeVertex merge && merge.getMergeAxis() == 1) {
            join(name, place, from, Optional.of(new Layer.Concat()));
        } else {
            draft.problem(place, "this type of vertex is not supported.");
        }
    }

    private List<Reading> read(InputPreProcessor theirs, String place) {
        Optional<Reading> reading = Preprocessors.read(theirs);
        if (reading.isEmpty()) {
            draft.problem(
                    place,
                    "its preprocessor is not supported. Provided value: "
                            + theirs.getClass().getSimpleName() + ".");
        }
        return reading.stream().toList();
    }

    private static Step slice(SubsetVertex subset, Shape shape) {
        if (shape.rank() == 2) {
            throw new IllegalArgumentException("a subset of sequences is not supported");
        }
        return Step.of("", new Rearrangement.Slice(0, subset.getFrom(), Math.addExact(subset.getTo(), 1)));
    }

    private static Step reshape(ReshapeVertex reshape, Shape shape) {
        int[] dimensions = reshape.getNewShape();
        if (reshape.getReshapeOrder() != 'c' || shape.rank() == 2 || dimensions.length < 2 || dimensions[0] != -1) {
            throw new IllegalArgumentException(
                    "a reshape must be of vectors or images, by rows, and keep the examples (-1 first)");
        }
        Shape next = Shape.of(Arrays.copyOfRange(dimensions, 1, dimensions.length));
        if (next.rank() == 2) {
            throw new IllegalArgumentException("a reshape to sequences is not supported");
        }
        return Step.of("", new Rearrangement.Reshape(next));
    }

    private static Optional<Layer> element(ElementWiseVertex vertex) {
        return switch (vertex.getOp()) {
            case Add -> Optional.of(new Layer.Add());
            case Product -> Optional.of(new Layer.Multiply());
            default -> Optional.empty();
        };
    }

    private void chain(String name, String place, List<String> from, List<Reading> readings) {
        if (from.size() != 1) {
            draft.problem(place, "it must have one input. Provided value: " + from.size() + ".");
            return;
        }
        draft.output(from.get(0)).ifPresent(id -> draft.chain(name, place, id, readings));
    }

    private void join(String name, String place, List<String> from, Optional<Layer> layer) {
        if (layer.isEmpty()) {
            draft.problem(place, "this operation on its inputs is not supported.");
            return;
        }
        List<String> ids =
                from.stream().flatMap(vertex -> draft.output(vertex).stream()).toList();
        if (ids.size() < from.size()) {
            return;
        }
        boolean sequences = ids.stream().anyMatch(id -> draft.shape(id).rank() == 2);
        if (sequences && layer.get() instanceof Layer.Concat) {
            draft.problem(place, "a merge of sequences is not supported.");
        } else if (ids.size() == 1) {
            draft.chain(name, place, ids.get(0), List.of());
        } else {
            draft.join(name, place, layer.get(), ids);
        }
    }
}
