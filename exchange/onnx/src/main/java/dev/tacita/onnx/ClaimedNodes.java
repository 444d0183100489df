package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Parameter;
import dev.tacita.core.model.Shape;
import dev.tacita.onnx.Value.Numbers;
import dev.tacita.onnx.Value.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recognises the nodes that a writer of ours made. A claim is believed if and only if the layer that it names, written
 * again, gives exactly the nodes and constants of the file; what is not believed is read like any other file.
 */
final class ClaimedNodes {
    /** Gives a value to a name. */
    @FunctionalInterface
    interface Definition {
        void define(String name, Value value, String place);
    }

    private final Map<String, String> claims;
    private final Map<String, TensorProto> initializers;
    private final Map<String, Value> values;
    private final Draft draft;
    private final Names names;
    private final int opset;

    ClaimedNodes(
            Map<String, String> claims,
            Map<String, TensorProto> initializers,
            Map<String, Value> values,
            Draft draft,
            Names names,
            int opset) {
        this.claims = claims;
        this.initializers = initializers;
        this.values = values;
        this.draft = draft;
        this.names = names;
        this.opset = opset;
    }

    /** How many nodes from {@code first} on are one layer of ours, which is then part of the model; 0 if they are not. */
    int read(List<NodeProto> nodes, int first, Definition definition) {
        String name = nodes.get(first).getName();
        int slash = name.indexOf('/');
        String id = slash < 0 ? name : name.substring(0, slash);
        String claim = claims.get(id);
        if (claim == null || draft.entry(id).isPresent()) {
            return 0;
        }
        Optional<Node> claimed = Claim.read(id, claim);
        if (claimed.isEmpty()) {
            return 0;
        }
        try {
            return read(claimed.get(), nodes.subList(first, nodes.size()), definition);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return 0;
        }
    }

    /** A constant that the file does not hold in that size need not be made to see that a claim is wrong. */
    private void requirePresent(String name, long elements) {
        TensorProto tensor = initializers.get(name);
        if (tensor == null || tensor.getRawData().size() != elements * Float.BYTES) {
            throw new IllegalArgumentException("the file has no such constant");
        }
    }

    private int read(Node node, List<NodeProto> nodes, Definition definition) {
        List<Shape> shapes = new ArrayList<>();
        for (String input : node.inputs()) {
            if (!(values.get(input) instanceof Signal signal) || !signal.id().equals(input)) {
                return 0;
            }
            shapes.add(signal.shape());
        }
        node.layer().outputShape(shapes);
        Emission written = node.layer().accept(new LayerEmitter(node, shapes, opset, this::requirePresent));
        int count = written.nodes().size();
        if (count > nodes.size()
                || !written.nodes().equals(nodes.subList(0, count))
                || !written.constants().stream()
                        .allMatch(tensor -> tensor.equals(initializers.get(tensor.getName())))) {
            return 0;
        }
        List<Numbers> tensors = new ArrayList<>();
        String owner = node.parametersOf().orElse(node.id());
        for (Parameter parameter : node.layer().parameters(shapes)) {
            if (!(values.get(owner + "." + parameter.name()) instanceof Numbers numbers)) {
                return 0;
            }
            tensors.add(numbers);
        }
        if (!names.takeExactly(node.id())) {
            return 0;
        }
        try {
            Signal signal = draft.add(node, tensors);
            definition.define(node.id(), signal, "node '" + node.id() + "'");
            return count;
        } catch (IllegalArgumentException e) {
            names.release(node.id());
            throw e;
        }
    }
}
