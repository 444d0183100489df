package dev.tacita.onnx;

import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Parameter;
import dev.tacita.core.model.Shape;
import dev.tacita.onnx.Value.Numbers;
import dev.tacita.onnx.Value.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A model that is being put together, with the tensors that its parameters come from. */
final class Draft {
    /** A node with its tensors. */
    record Entry(Node node, List<Numbers> tensors) {
        Entry {
            tensors = List.copyOf(tensors);
        }
    }

    private final List<Input> inputs = new ArrayList<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new HashMap<>();
    private final IdentityHashMap<float[], Boolean> uniform = new IdentityHashMap<>();
    private final IdentityHashMap<float[], Boolean> finite = new IdentityHashMap<>();
    private final Budget budget;

    Draft(Budget budget) {
        this.budget = budget;
    }

    Signal input(String id, Shape shape) {
        inputs.add(new Input(id, shape));
        shapes.put(id, shape);
        return new Signal(id, shape);
    }

    /**
     * Adds a node.
     *
     * @throws IllegalArgumentException if the inputs or the tensors do not fit the layer
     */
    Signal add(Node node, List<Numbers> tensors) {
        List<Shape> from = node.inputs().stream().map(this::shape).toList();
        Shape shape = node.layer().outputShape(from);
        List<Parameter> parameters = node.layer().parameters(from);
        if (parameters.size() != tensors.size()) {
            throw new IllegalArgumentException(
                    "it must have " + parameters.size() + " tensors. Provided value: " + tensors.size());
        }
        for (int i = 0; i < parameters.size(); i++) {
            check(parameters.get(i), tensors.get(i));
        }
        if (node.parametersOf().isEmpty()) {
            tensors.forEach(tensor -> budget.spend(tensor.values().length));
        }
        entries.put(node.id(), new Entry(node, tensors));
        shapes.put(node.id(), shape);
        return new Signal(node.id(), shape);
    }

    private void check(Parameter parameter, Numbers tensor) {
        List<Integer> dimensions = Arrays.stream(tensor.dimensions()).boxed().toList();
        if (!parameter.shape().dimensions().equals(dimensions)) {
            throw new IllegalArgumentException("tensor '" + tensor.name() + "', its " + parameter.name()
                    + ", must have the shape " + parameter.shape() + ". Provided value: " + dimensions);
        }
        if (finite.containsKey(tensor.values())) {
            return;
        }
        for (int i = 0; i < tensor.values().length; i++) {
            if (!Float.isFinite(tensor.values()[i])) {
                throw new IllegalArgumentException("tensor '" + tensor.name() + "', its " + parameter.name()
                        + ", must hold finite numbers only. Provided value: " + tensor.values()[i] + " at index " + i);
            }
        }
        finite.put(tensor.values(), true);
    }

    /** The node with its own parameters that computes the same layer with the same tensors, if one does. */
    Optional<Node> owner(Layer layer, List<Numbers> tensors) {
        if (tensors.isEmpty() || isUniform(tensors.get(0).values())) {
            return Optional.empty();
        }
        return entries.values().stream()
                .filter(entry -> entry.node().parametersOf().isEmpty()
                        && entry.node().layer().equals(layer)
                        && entry.tensors().equals(tensors))
                .map(Entry::node)
                .findFirst();
    }

    private boolean isUniform(float[] values) {
        return uniform.computeIfAbsent(values, Draft::holdsOneNumber);
    }

    /** Exporters write equal tensors once; zeros and ones that happen to be equal are not shared parameters. */
    private static boolean holdsOneNumber(float[] values) {
        for (float value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    Optional<Entry> entry(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** How many nodes of the model read it so far. */
    long readers(String id) {
        return entries.values().stream()
                .filter(entry -> entry.node().inputs().contains(id))
                .count();
    }

    /** Takes back a node that nothing reads yet. */
    void remove(String id) {
        entries.remove(id);
        shapes.remove(id);
    }

    List<Input> inputs() {
        return inputs;
    }

    List<Node> nodes() {
        return entries.values().stream().map(Entry::node).toList();
    }

    /** The values of all tensors in the order of the model's layout. */
    float[] parameters(int size) {
        budget.spend(size);
        float[] flat = new float[size];
        int offset = 0;
        for (Entry entry : entries.values()) {
            for (Numbers tensor : entry.node().parametersOf().isEmpty() ? entry.tensors() : List.<Numbers>of()) {
                System.arraycopy(tensor.values(), 0, flat, offset, tensor.values().length);
                offset += tensor.values().length;
            }
        }
        return flat;
    }

    Signal signal(String id) {
        return new Signal(id, shape(id));
    }

    private Shape shape(String id) {
        return Objects.requireNonNull(shapes.get(id));
    }
}
