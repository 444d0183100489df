package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.onnx.Value.Signal;
import dev.tacita.onnx.Value.Unknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Makes a model of one ONNX graph, node after node. */
final class GraphReader {
    private final GraphProto graph;
    private final int opset;
    private final Map<String, String> claims;
    private final List<Problem> problems;
    private final Budget budget;
    private final Draft draft;
    private final Names names = new Names();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, Integer> aliases = new HashMap<>();
    private final Set<String> madeLater = new HashSet<>();
    private OptionalLong batch = OptionalLong.empty();

    /** @param claims by node, what the file says of it */
    GraphReader(GraphProto graph, int opset, Map<String, String> claims, Budget budget, List<Problem> problems) {
        this.graph = graph;
        this.opset = opset;
        this.claims = claims;
        this.budget = budget;
        this.problems = problems;
        draft = new Draft(budget);
    }

    /** The model; empty if there were problems. */
    Optional<ModelSpec> read() {
        readInitializers();
        readInputs();
        GraphContext context = new GraphContext(draft, names, budget, uses(), aliases, batch, opset);
        graph.getNodeList().forEach(node -> madeLater.addAll(node.getOutputList()));
        List<NodeProto> nodes = graph.getNodeList();
        ClaimedNodes claimed = new ClaimedNodes(claims, initializers, values, draft, names, opset);
        for (int i = 0; i < nodes.size() && problems.size() < OnnxReader.MOST_PROBLEMS; ) {
            int group = claimed.read(nodes, i, this::define);
            if (group == 0) {
                readNode(nodes.get(i), i, context);
                group = 1;
            }
            i += group;
        }
        Optional<String> output = readOutput();
        if (!problems.isEmpty() || output.isEmpty()) {
            return Optional.empty();
        }
        List<Problem> left = ModelSpec.problems(draft.inputs(), draft.nodes(), output.get());
        problems.addAll(left);
        return left.isEmpty()
                ? Optional.of(new ModelSpec(draft.inputs(), draft.nodes(), output.get()))
                : Optional.empty();
    }

    float[] parameters(int size) {
        return draft.parameters(size);
    }

    private void readInitializers() {
        if (graph.getSparseInitializerCount() > 0) {
            problems.add(Problem.of("the graph", "sparse tensors are not read."));
        }
        TensorReader reader = new TensorReader(budget);
        for (TensorProto tensor : graph.getInitializerList()) {
            String place = "tensor '" + Printable.of(tensor.getName()) + "'";
            Value value = new Unknown();
            try {
                value = reader.read(tensor);
            } catch (IllegalArgumentException e) {
                problems.add(Problem.of(place, e.getMessage() + "."));
            }
            initializers.put(tensor.getName(), tensor);
            if (values.put(tensor.getName(), value) != null) {
                problems.add(Problem.of(place, "this name is used twice."));
            }
        }
    }

    private void readInputs() {
        for (ValueInfoProto info : graph.getInputList()) {
            if (initializers.containsKey(info.getName())) {
                continue;
            }
            String place = "input '" + Printable.of(info.getName()) + "'";
            Value value = new Unknown();
            try {
                Shape shape = inputShape(info);
                value = draft.input(names.take(List.of(info.getName(), "input")), shape);
            } catch (IllegalArgumentException e) {
                problems.add(Problem.of(place, e.getMessage() + "."));
            }
            define(info.getName(), value, place);
        }
    }

    private Shape inputShape(ValueInfoProto info) {
        int type = info.getType().getTensorType().getElemType();
        if (!info.getType().hasTensorType() || type != TensorProto.DataType.FLOAT.getNumber()) {
            throw new IllegalArgumentException("an input must be a tensor of type FLOAT. Provided value: "
                    + Optional.ofNullable(TensorProto.DataType.forNumber(type))
                            .map(Enum::name)
                            .orElse("" + type));
        }
        List<TensorShapeProto.Dimension> dimensions =
                info.getType().getTensorType().getShape().getDimList();
        if (dimensions.size() < 2) {
            throw new IllegalArgumentException(
                    "an input needs a batch and at least one more dimension. Provided rank: " + dimensions.size());
        }
        if (dimensions.get(0).hasDimValue() && dimensions.get(0).getDimValue() > 0) {
            batch = OptionalLong.of(dimensions.get(0).getDimValue());
        }
        List<Integer> shape = new ArrayList<>();
        for (TensorShapeProto.Dimension dimension : dimensions.subList(1, dimensions.size())) {
            long value = dimension.hasDimValue() ? dimension.getDimValue() : 0;
            if (value < 1 || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("each dimension after the batch must be fixed and >= 1. Provided"
                        + " value: "
                        + (dimension.hasDimParam() ? Printable.of(dimension.getDimParam()) : value));
            }
            shape.add((int) value);
        }
        return new Shape(shape);
    }

    private Map<String, Integer> uses() {
        Map<String, Integer> uses = new HashMap<>();
        graph.getNodeList().forEach(node -> node.getInputList().forEach(name -> uses.merge(name, 1, Integer::sum)));
        graph.getOutputList().forEach(info -> uses.merge(info.getName(), 1, Integer::sum));
        return uses;
    }

    private void readNode(NodeProto node, int index, GraphContext context) {
        String place = place(node, index);
        List<Value> results = List.of();
        try {
            results = results(node, place, context);
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(Problem.of(place, e.getMessage() + "."));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (!node.getOutput(i).isEmpty()) {
                define(node.getOutput(i), i < results.size() ? results.get(i) : new Unknown(), place);
            }
        }
    }

    private List<Value> results(NodeProto node, String place, GraphContext context) {
        String operator = node.getOpType();
        boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
        Optional<OperatorReader> reader = Operators.of(node.getDomain(), operator);
        if (reader.isEmpty() && !(standard && ConstantFolding.knows(operator))) {
            throw new IllegalArgumentException("operator '"
                    + (standard ? "" : Printable.of(node.getDomain()) + ".")
                    + Printable.of(operator) + "' is not supported");
        }
        List<Optional<Value>> inputs = new ArrayList<>();
        for (String name : node.getInputList()) {
            inputs.add(name.isEmpty() ? Optional.empty() : Optional.of(value(name)));
        }
        if (inputs.stream().anyMatch(input -> input.orElse(null) instanceof Unknown)) {
            return List.of();
        }
        NodeCall call = new NodeCall(node, inputs, context);
        OperatorReader chosen = ConstantFolding.of(standard ? operator : "", call.allConstant())
                .or(() -> reader)
                .orElseThrow(() -> new IllegalArgumentException("it is supported only where its inputs are constant"));
        List<Value> results = new ArrayList<>(List.of(chosen.read(call)));
        for (String complaint : call.complaints()) {
            problems.add(Problem.of(place, complaint + "."));
        }
        for (int i = 1; i < call.outputCount(); i++) {
            results.add(call.further().getOrDefault(i, new Unknown()));
        }
        return results;
    }

    private Value value(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    madeLater.contains(name)
                            ? "it reads '" + Printable.of(name)
                                    + "', which only it or a later node gives; the graph has"
                                    + " a cycle or is out of order"
                            : "it reads '" + Printable.of(name) + "', which no input, tensor or node gives");
        }
        return value;
    }

    private void define(String name, Value value, String place) {
        if (values.put(name, value) != null) {
            problems.add(Problem.of(place, "the name '" + Printable.of(name) + "' is given twice."));
        }
        if (value instanceof Signal signal) {
            aliases.merge(signal.id(), 1, Integer::sum);
        }
    }

    private Optional<String> readOutput() {
        if (graph.getOutputCount() != 1) {
            problems.add(Problem.of(
                    "the graph", "it must have exactly one output. Provided value: " + graph.getOutputCount() + "."));
            return Optional.empty();
        }
        ValueInfoProto info = graph.getOutput(0);
        String place = "output '" + Printable.of(info.getName()) + "'";
        Value value = values.get(info.getName());
        if (value == null) {
            problems.add(Problem.of(place, "no node gives it."));
        } else if (value instanceof Signal signal && draft.entry(signal.id()).isPresent()) {
            declaredShapeProblem(info, signal.shape()).ifPresent(why -> problems.add(Problem.of(place, why)));
            return Optional.of(signal.id());
        } else if (!(value instanceof Unknown)) {
            problems.add(Problem.of(place, "it must be computed from the model's input."));
        }
        return Optional.empty();
    }

    private static Optional<String> declaredShapeProblem(ValueInfoProto info, Shape shape) {
        List<TensorShapeProto.Dimension> declared =
                info.getType().getTensorType().getShape().getDimList();
        boolean fits = declared.isEmpty() || declared.size() == shape.rank() + 1;
        for (int i = 1; fits && i < declared.size(); i++) {
            fits = !declared.get(i).hasDimValue() || declared.get(i).getDimValue() == shape.dimension(i - 1);
        }
        return fits
                ? Optional.empty()
                : Optional.of(
                        "its shape without the batch must be " + shape + ", as the nodes compute. Provided value: "
                                + declared.stream()
                                        .skip(1)
                                        .map(d -> d.hasDimValue() ? Long.toString(d.getDimValue()) : "?")
                                        .limit(16)
                                        .toList()
                                + ".");
    }

    private static String place(NodeProto node, int index) {
        String name = node.getName().isEmpty() ? Integer.toString(index + 1) : "'" + Printable.of(node.getName()) + "'";
        return "node " + name + " (" + Printable.of(node.getOpType()) + ")";
    }
}
