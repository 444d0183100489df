package dev.tacita.nd4j;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model and its loss as one graph of ND4J for batches of one size. One call runs it, forward and, in training, back:
 * between the arrays that it takes and those that it gives nothing leaves the device.
 */
final class DeviceGraph {
    /**
     * What one batch gave.
     *
     * @param gradients of the summed loss, by parameter; a parameter that the output does not depend on has none
     * @param moved new values of parameters that no optimizer moves
     * @param score the summed loss, and how many examples are classified right
     */
    record Pass(Map<Slot, INDArray> gradients, Map<Slot, INDArray> moved, INDArray score) {}

    private static final String INPUT = "/input";
    private static final String TARGETS = "/targets";
    private static final String SCORE = "/score";

    private final SameDiff graph = SameDiff.create();
    private final Map<Slot, SDVariable> parameters = new LinkedHashMap<>();
    private final Map<Slot, SDVariable> moved = new LinkedHashMap<>();
    private final List<Slot> trained = new ArrayList<>();
    private final int batch;
    private final boolean training;

    DeviceGraph(ModelSpec model, Loss loss, int batch, boolean training) {
        this.batch = batch;
        this.training = training;
        SDVariable output = compile(model);
        int width = model.outputShape().size();
        SDVariable targets = graph.placeHolder(TARGETS, DataType.FLOAT, batch, loss.targets(width));
        DeviceLoss result = DeviceLoss.of(loss, graph, batch, width, output.reshape(batch, width), targets);
        SDVariable total = result.total();
        graph.concat(
                        0,
                        total.castTo(DataType.DOUBLE).reshape(1),
                        result.right().castTo(DataType.DOUBLE).reshape(1))
                .rename(SCORE);
        if (training) {
            differentiate(total);
        }
    }

    private SDVariable compile(ModelSpec model) {
        ParameterLayout layout = model.layout();
        Map<String, Shape> shapes = model.shapes();
        Map<String, SDVariable> values = new HashMap<>();
        Input input = model.inputs().get(0);
        values.put(input.id(), graph.placeHolder(INPUT, DataType.FLOAT, DeviceNode.withBatch(batch, input.shape())));
        for (Node node : Reachable.nodes(model)) {
            List<Slot> slots = layout.of(node.id());
            DeviceNode place = new DeviceNode(
                    graph,
                    batch,
                    training,
                    slots.stream().anyMatch(Slot::frozen),
                    node.inputs().stream().map(id -> required(values, id)).toList(),
                    node.inputs().stream().map(id -> required(shapes, id)).toList(),
                    required(shapes, node.id()),
                    slots.stream().map(this::parameter).toList(),
                    untrained(slots)
                            .map(slot -> Optional.ofNullable(moved.get(slot)).orElseGet(() -> parameter(slot)))
                            .toList());
            DeviceLayers layers = new DeviceLayers(place);
            values.put(node.id(), node.layer().accept(layers));
            note(slots, layers.moved());
        }
        return required(values, model.output());
    }

    private static <T> T required(Map<String, T> map, String id) {
        return Optional.ofNullable(map.get(id)).orElseThrow();
    }

    private SDVariable parameter(Slot slot) {
        return parameters.computeIfAbsent(
                slot,
                key -> graph.placeHolder(
                        key.name(),
                        DataType.FLOAT,
                        key.parameter().shape().dimensions().stream()
                                .mapToLong(Integer::longValue)
                                .toArray()));
    }

    private void note(List<Slot> slots, List<SDVariable> values) {
        List<Slot> untrained = untrained(slots).toList();
        for (int i = 0; i < values.size(); i++) {
            moved.put(untrained.get(i), values.get(i));
        }
    }

    private static Stream<Slot> untrained(List<Slot> slots) {
        return slots.stream().filter(slot -> !slot.trained());
    }

    private void differentiate(SDVariable total) {
        parameters.keySet().stream().filter(Slot::trained).forEach(trained::add);
        if (trained.isEmpty()) {
            return;
        }
        graph.setLossVariables(total);
        graph.createGradFunction(trained.stream().map(Slot::name).toArray(String[]::new));
    }

    /** Runs the graph on arrays of the device: parameters by slot, inputs (batch, ...) and targets (batch, ...). */
    Pass run(Map<Slot, INDArray> values, INDArray inputs, INDArray targets) {
        Map<String, INDArray> given = new HashMap<>();
        parameters
                .keySet()
                .forEach(slot -> given.put(
                        slot.name(), Optional.ofNullable(values.get(slot)).orElseThrow()));
        given.put(INPUT, inputs);
        given.put(TARGETS, targets);
        List<String> asked = new ArrayList<>(List.of(SCORE));
        moved.values().forEach(value -> asked.add(value.name()));
        Map<Slot, INDArray> gradients = new LinkedHashMap<>();
        Map<String, INDArray> outputs;
        if (training && !trained.isEmpty()) {
            OutAndGrad both = graph.calculateGradientsAndOutputs(
                    given, asked, trained.stream().map(Slot::name).toList());
            outputs = both.getOutputs();
            trained.forEach(slot -> gradients.put(slot, required(both.getGradients(), slot.name())));
        } else {
            outputs = graph.output(given, asked);
        }
        Map<Slot, INDArray> after = new LinkedHashMap<>();
        moved.forEach((slot, value) -> after.put(slot, required(outputs, value.name())));
        return new Pass(gradients, after, required(outputs, SCORE));
    }
}
