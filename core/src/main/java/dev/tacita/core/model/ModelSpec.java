package dev.tacita.core.model;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model: named inputs, nodes in topological order, one output. An instance is always whole: ids are unique, every
 * input of a node comes before it, and all shapes fit.
 *
 * @param inputs at least one
 * @param nodes in topological order, at least one
 * @param output id of the node whose value is the model's
 */
public record ModelSpec(List<Input> inputs, List<Node> nodes, String output) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    /** @throws ProblemsException with every problem of the graph */
    public ModelSpec {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
        List<Problem> problems = problems(inputs, nodes, output);
        if (!problems.isEmpty()) {
            throw new ProblemsException("the model", problems);
        }
    }

    /** Every problem that a model of these parts has; empty if it is whole. */
    public static List<Problem> problems(List<Input> inputs, List<Node> nodes, String output) {
        return new Inference(inputs, nodes, output).problems;
    }

    /** A chain of layers from one input; node ids are the layers' positions, {@code layer-1} first. */
    public static ModelSpec sequential(Shape input, List<Layer> layers) {
        List<Node> nodes = new ArrayList<>();
        String previous = "input";
        for (Layer layer : layers) {
            Node node = new Node("layer-" + (nodes.size() + 1), layer, List.of(previous));
            nodes.add(node);
            previous = node.id();
        }
        return new ModelSpec(List.of(new Input("input", input)), nodes, previous);
    }

    /** The shape of each input and node by id, in topological order. */
    public Map<String, Shape> shapes() {
        return new Inference(inputs, nodes, output).shapes;
    }

    /** The shape of the output. */
    public Shape outputShape() {
        return Optional.ofNullable(shapes().get(output)).orElseThrow();
    }

    /** The nodes that mix the examples of a batch in training, in their order; a frozen one does not. */
    public List<Node> mixingNodes() {
        ParameterLayout layout = layout();
        return nodes.stream()
                .filter(node -> node.layer().mixesExamples())
                .filter(node -> layout.of(node.id()).stream().noneMatch(ParameterLayout.Slot::frozen))
                .toList();
    }

    /** Where each parameter lies in the one flat vector. */
    public ParameterLayout layout() {
        return ParameterLayout.of(this);
    }

    private static final class Inference {
        private final Map<String, Node> read = new HashMap<>();
        final Map<String, Shape> shapes = new LinkedHashMap<>();
        final List<Problem> problems = new ArrayList<>();
        private final java.util.Set<String> seen = new java.util.HashSet<>();

        Inference(List<Input> inputs, List<Node> nodes, String output) {
            if (inputs.isEmpty()) {
                problems.add(Problem.of("inputs", "a model needs at least one input."));
            }
            if (nodes.isEmpty()) {
                problems.add(Problem.of("nodes", "a model needs at least one node."));
            }
            for (Input input : inputs) {
                checkId(input.id());
                shapes.put(input.id(), input.shape());
            }
            for (Node node : nodes) {
                infer(node);
            }
            if (nodes.stream().noneMatch(node -> node.id().equals(output))) {
                problems.add(Problem.of("output", "no node is named '" + output + "'."));
            }
        }

        private void checkId(String id) {
            if (!ID.matcher(id).matches()) {
                problems.add(Problem.of(
                        "node '" + id + "'",
                        "an id must be 1 to 64 letters, digits, hyphens and underscores, and start with a letter or"
                                + " digit."));
            }
            if (!seen.add(id)) {
                problems.add(Problem.of("node '" + id + "'", "this id is used twice; ids must be unique."));
            }
        }

        private void infer(Node node) {
            List<Shape> inputs = new ArrayList<>();
            boolean known = true;
            for (String input : node.inputs()) {
                Shape shape = shapes.get(input);
                if (shape != null) {
                    inputs.add(shape);
                } else {
                    known = false;
                    if (!seen.contains(input)) {
                        problems.add(Problem.of(
                                "node '" + node.id() + "'", "no input or earlier node is named '" + input + "'."));
                    }
                }
            }
            checkId(node.id());
            if (known) {
                try {
                    shapes.put(node.id(), node.layer().outputShape(inputs));
                } catch (IllegalArgumentException | ArithmeticException e) {
                    problems.add(Problem.of("node '" + node.id() + "'", e.getMessage() + "."));
                }
            }
            node.parametersOf()
                    .flatMap(owner -> sharingProblem(node, owner))
                    .ifPresent(why -> problems.add(Problem.of("node '" + node.id() + "'", why)));
            read.putIfAbsent(node.id(), node);
        }

        private Optional<String> sharingProblem(Node node, String id) {
            Node owner = read.get(id);
            if (owner == null) {
                return Optional.of("no earlier node is named '" + id + "', whose parameters it is to share.");
            }
            if (owner.parametersOf().isPresent()) {
                return Optional.of("it must share the parameters of a node that has its own; those of '" + id
                        + "' are of '" + owner.parametersOf().get() + "'.");
            }
            if (node.frozen()) {
                return Optional.of("it shares the parameters of '" + id + "'; only there can they be frozen.");
            }
            if (!owner.layer().equals(node.layer())) {
                return Optional.of("it must be the same layer as '" + id + "', whose parameters it shares.");
            }
            Optional<List<Shape>> own = parameterShapes(node);
            Optional<List<Shape>> shared = parameterShapes(owner);
            if (own.isEmpty() || shared.isEmpty()) {
                return Optional.empty();
            }
            return own.get().isEmpty() || !own.equals(shared)
                    ? Optional.of("its parameters must have the shapes of those of '" + id + "', which it shares: "
                            + shared.get() + ". Provided value: " + own.get() + ".")
                    : Optional.empty();
        }

        /** Empty where something else is wrong, and reported. */
        private Optional<List<Shape>> parameterShapes(Node node) {
            if (!shapes.keySet().containsAll(node.inputs())) {
                return Optional.empty();
            }
            List<Shape> inputs = node.inputs().stream()
                    .map(id -> Optional.ofNullable(shapes.get(id)).orElseThrow())
                    .toList();
            try {
                node.layer().outputShape(inputs);
                return Optional.of(node.layer().parameters(inputs).stream()
                        .map(Parameter::shape)
                        .toList());
            } catch (IllegalArgumentException | ArithmeticException e) {
                return Optional.empty();
            }
        }
    }
}
