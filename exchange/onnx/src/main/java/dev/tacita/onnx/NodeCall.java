package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import dev.tacita.onnx.Value.Integers;
import dev.tacita.onnx.Value.Numbers;
import dev.tacita.onnx.Value.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One ONNX node with the values it reads. Each accessor throws an {@link IllegalArgumentException} where the node is not
 * what it asks for; an attribute or input that nobody asked for is refused at the end.
 */
final class NodeCall {
    /** What is set for parameters that no claim speaks of. */
    static final Initializer INITIALIZER = Initializer.GLOROT_UNIFORM;

    private final NodeProto proto;
    private final List<Optional<Value>> inputs;
    private final GraphContext context;
    private final Set<String> askedAttributes = new HashSet<>();
    private final Set<Integer> askedInputs = new HashSet<>();
    private final Map<Integer, Value> further = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();

    NodeCall(NodeProto proto, List<Optional<Value>> inputs, GraphContext context) {
        this.proto = proto;
        this.inputs = inputs;
        this.context = context;
    }

    GraphContext context() {
        return context;
    }

    String operator() {
        return proto.getOpType();
    }

    int inputCount() {
        return inputs.size();
    }

    Optional<Value> input(int index) {
        askedInputs.add(index);
        return index < inputs.size() ? inputs.get(index) : Optional.empty();
    }

    Value value(int index) {
        return input(index).orElseThrow(() -> new IllegalArgumentException("input " + index + " is missing"));
    }

    boolean isSignal(int index) {
        return index < inputs.size() && inputs.get(index).orElse(null) instanceof Signal;
    }

    boolean allConstant() {
        return inputs.stream()
                .flatMap(Optional::stream)
                .noneMatch(value -> value instanceof Signal || value instanceof Formula);
    }

    Signal signal(int index) {
        if (value(index) instanceof Signal signal) {
            return signal;
        }
        throw new IllegalArgumentException("input " + index + " must come from the model's input. Provided value: "
                + (value(index) instanceof Formula formula
                        ? "a function that is not known, " + formula.text()
                        : "a constant"));
    }

    List<Signal> signals() {
        List<Signal> signals = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            signals.add(signal(i));
        }
        return signals;
    }

    Numbers numbers(int index) {
        if (value(index) instanceof Numbers numbers) {
            return numbers;
        }
        throw new IllegalArgumentException("input " + index + " must be a constant tensor of numbers");
    }

    Optional<Numbers> optionalNumbers(int index) {
        return input(index).map(given -> numbers(index));
    }

    long[] integers(int index) {
        if (value(index) instanceof Integers integers) {
            return integers.values();
        }
        throw new IllegalArgumentException("input " + index + " must be a constant of integers");
    }

    Optional<long[]> optionalIntegers(int index) {
        return input(index).map(given -> integers(index));
    }

    /** Whether nobody else reads what this node reads. */
    boolean isOnlyReader(Signal signal) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).filter(signal::equals).isPresent()) {
                return context.uses(proto.getInput(i)) == 1 && context.aliases(signal.id()) == 1;
            }
        }
        return false;
    }

    /** Lets an attribute be whatever it is, for it does not matter. */
    void ignore(String name) {
        askedAttributes.add(name);
    }

    Optional<AttributeProto> attribute(String name, AttributeType type) {
        askedAttributes.add(name);
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (attribute.getName().equals(name)) {
                if (attribute.getType() != type) {
                    throw new IllegalArgumentException("attribute '" + name + "' must be of type " + type
                            + ". Provided value: " + attribute.getType());
                }
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    long integer(String name, long otherwise) {
        return attribute(name, AttributeType.INT).map(AttributeProto::getI).orElse(otherwise);
    }

    /** The decimal number that the attribute was most likely written as: 0.01 and not 0.009999999776. */
    double number(String name, double otherwise) {
        return attribute(name, AttributeType.FLOAT)
                .map(attribute -> shortest(attribute.getF()))
                .orElse(otherwise);
    }

    static double shortest(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    String text(String name, String otherwise) {
        return attribute(name, AttributeType.STRING)
                .map(attribute -> attribute.getS().toStringUtf8())
                .orElse(otherwise);
    }

    /** Complains unless the attribute is absent or has this value, and goes on as if it had. */
    void requireInteger(String name, long expected) {
        requireInteger(name, expected, expected);
    }

    void requireInteger(String name, long expected, long otherwise) {
        long value = integer(name, otherwise);
        if (value != expected) {
            complaints.add("attribute '" + name + "' must be " + expected + ". Provided value: " + value);
        }
    }

    Optional<List<Long>> list(String name) {
        return attribute(name, AttributeType.INTS).map(AttributeProto::getIntsList);
    }

    /** A list of that many small integers, or that many times the other one. */
    int[] sizes(String name, int count, int least, int otherwise) {
        Optional<List<Long>> given = list(name);
        int[] sizes = new int[count];
        if (given.isPresent() && given.get().size() != count) {
            throw new IllegalArgumentException("attribute '" + name + "' must have " + count
                    + " elements, as for images. Provided value: " + given.get());
        }
        for (int i = 0; i < count; i++) {
            long size = given.isPresent() ? given.get().get(i) : otherwise;
            if (size < least || size > Short.MAX_VALUE) {
                throw new IllegalArgumentException("attribute '" + name + "' must hold numbers from " + least + " to "
                        + Short.MAX_VALUE + ". Provided value: " + size);
            }
            sizes[i] = (int) size;
        }
        return sizes;
    }

    /** An axis as a dimension of one example; the batch has none. */
    int dimension(long axis, Shape shape) {
        int rank = shape.rank() + 1;
        long index = axis < 0 ? axis + rank : axis;
        if (index < 1 || index >= rank) {
            throw new IllegalArgumentException("axis must be one of an example's dimensions " + shape
                    + " and not that of the batch. Provided value: " + axis);
        }
        return (int) index - 1;
    }

    /** Takes back a node that only this one reads. */
    void takeBack(String id) {
        context.draft().remove(id);
        context.names().release(id);
    }

    /** Adds a layer without parameters. */
    Signal add(Layer layer, List<Signal> from) {
        return add(layer, from, List.of());
    }

    /** Adds a layer; its id comes from the name of its first tensor, or from the node. */
    Signal add(Layer layer, List<Signal> from, List<Numbers> tensors) {
        List<String> candidates = new ArrayList<>();
        if (!tensors.isEmpty() && tensors.get(0).name().endsWith(".weight")) {
            String name = tensors.get(0).name();
            candidates.add(name.substring(0, name.length() - ".weight".length()));
        }
        candidates.add(proto.getName());
        candidates.add(proto.getOutputCount() == 0 ? "" : proto.getOutput(0));
        String id = context.names().take(candidates);
        Node node = new Node(id, layer, from.stream().map(Signal::id).toList());
        Optional<Node> owner = context.draft().owner(layer, tensors);
        try {
            return context.draft()
                    .add(owner.map(other -> node.sharing(other.id())).orElse(node), tensors);
        } catch (IllegalArgumentException | ArithmeticException e) {
            context.names().release(id);
            throw e;
        }
    }

    /** Gives an output after the first. */
    void give(int output, Value value) {
        further.put(output, value);
    }

    /** The outputs that {@link #give} gave. */
    Map<Integer, Value> further() {
        return further;
    }

    boolean hasOutput(int index) {
        return index < proto.getOutputCount() && context.uses(proto.getOutput(index)) > 0;
    }

    int outputCount() {
        return proto.getOutputCount();
    }

    /** What is wrong with the node although it could be read, with what no reader asked for. */
    List<String> complaints() {
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (!askedAttributes.contains(attribute.getName())) {
                complaints.add("attribute '" + Printable.of(attribute.getName()) + "' is not supported");
            }
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).isPresent() && !askedInputs.contains(i)) {
                complaints.add("input " + i + ", '" + Printable.of(proto.getInput(i)) + "', is not supported");
            }
        }
        for (int i = 1; i < proto.getOutputCount(); i++) {
            if (hasOutput(i) && !further.containsKey(i)) {
                complaints.add(
                        "its output " + i + ", '" + Printable.of(proto.getOutput(i)) + "', is read, and cannot be");
            }
        }
        return complaints;
    }
}
