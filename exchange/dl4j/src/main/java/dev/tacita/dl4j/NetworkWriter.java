package dev.tacita.dl4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Writes a model as a graph of DL4J whose vertices have the ids of its nodes. */
final class NetworkWriter {
    private static final String SUBJECT = "the model for DL4J";

    private NetworkWriter() {}

    static ComputationGraph write(ModelSpec model, float[] parameters, Optional<Loss> loss) {
        List<Problem> problems = new ArrayList<>();
        ComputationGraphConfiguration configuration = configuration(model, loss, problems);
        Shape[] inputs = model.inputs().stream().map(Input::shape).toArray(Shape[]::new);
        Dl4jMapping mapping = Dl4jModels.mapping(configuration, inputs);
        float[] theirs =
                mapping.toDl4j(moved(parameters, model.layout(), mapping.model().layout()));
        var network = new ComputationGraph(configuration);
        network.init(Nd4j.create(theirs, new long[] {1, theirs.length}, 'c'), false);
        return network;
    }

    private static ComputationGraphConfiguration configuration(
            ModelSpec model, Optional<Loss> loss, List<Problem> problems) {
        var graph = new NeuralNetConfiguration.Builder().graphBuilder();
        Map<String, Shape> shapes = new HashMap<>(model.shapes());
        for (Input input : model.inputs()) {
            graph.addInputs(input.id());
            if (input.shape().rank() != 1 && input.shape().rank() != 3) {
                problems.add(Problem.of(
                        "input '" + input.id() + "'",
                        "it must be a vector or an image. Provided shape: " + input.shape() + "."));
            }
        }
        for (Node node : model.nodes()) {
            String place = "node '" + node.id() + "'";
            List<Shape> reads = node.inputs().stream()
                    .map(id -> Optional.ofNullable(shapes.get(id)).orElseThrow())
                    .toList();
            if (node.parametersOf().isPresent()) {
                problems.add(Problem.of(place, "DL4J has no parameters that two layers share."));
            }
            Optional<Object> written = node.layer().accept(new LayerWriter(reads));
            if (written.isEmpty()) {
                problems.add(Problem.of(
                        place, "DL4J has no layer for this " + node.layer().name() + "."));
            } else if (written.get() instanceof GraphVertex vertex) {
                graph.addVertex(node.id(), vertex, node.inputs().toArray(String[]::new));
            } else if (written.get() instanceof org.deeplearning4j.nn.conf.layers.Layer layer) {
                graph.addLayer(
                        node.id(),
                        node.frozen() ? new FrozenLayerWithBackprop(layer) : layer,
                        node.inputs().toArray(String[]::new));
            }
        }
        String output = loss.map(known -> loss(graph, model, known, problems)).orElse(model.output());
        if (!problems.isEmpty()) {
            throw new ProblemsException(SUBJECT, problems);
        }
        return graph.setOutputs(output)
                .validateOutputLayerConfig(false)
                .allowDisconnected(true)
                .build();
    }

    private static String loss(
            ComputationGraphConfiguration.GraphBuilder graph, ModelSpec model, Loss loss, List<Problem> problems) {
        Optional<Losses.Written> written = Losses.write(loss);
        if (written.isEmpty()) {
            problems.add(Problem.of("the loss", "DL4J has none that is " + loss.name() + " with these settings."));
            return model.output();
        }
        String id = "loss";
        for (int i = 2; model.shapes().containsKey(id); i++) {
            id = "loss-" + i;
        }
        var layer = new LossLayer.Builder(written.get().loss())
                .activation(written.get().activation())
                .build();
        graph.addLayer(id, layer, model.output());
        return id;
    }

    /** The same parameters in the order of a model that has the same nodes, and others, in another order. */
    private static float[] moved(float[] parameters, ParameterLayout from, ParameterLayout to) {
        if (parameters.length != from.size()) {
            throw new IllegalArgumentException(
                    "the model has " + from.size() + " parameters. Provided value: " + parameters.length);
        }
        Map<String, Slot> slots = new HashMap<>();
        to.slots().forEach(slot -> slots.put(slot.name(), slot));
        float[] moved = new float[to.size()];
        for (Slot slot : from.slots()) {
            Slot target = Optional.ofNullable(slots.get(slot.name())).orElseThrow();
            System.arraycopy(parameters, slot.offset(), moved, target.offset(), slot.length());
        }
        return moved;
    }
}
