package dev.tacita.core.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a model together node by node. Each method adds nodes and returns the id of the last; blocks, such as those of
 * {@link Blocks}, are functions that take a builder and the id they read, and return the id of their output.
 */
public final class GraphBuilder {
    private final List<Input> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Shape> shapes = new HashMap<>();

    /** Adds an input and returns its id. */
    public String input(String id, Shape shape) {
        inputs.add(new Input(id, shape));
        shapes.put(id, shape);
        return id;
    }

    /**
     * Adds a node and returns its id.
     *
     * @throws IllegalArgumentException if nothing has an id that it reads, or the layer does not take what it reads
     */
    public String add(String id, Layer layer, String... from) {
        return add(new Node(id, layer, List.of(from)));
    }

    /** As {@link #add(String, Layer, String...)}, for a node that is frozen or shares its parameters. */
    public String add(Node node) {
        List<Shape> read = node.inputs().stream().map(this::shape).toList();
        try {
            shapes.put(node.id(), node.layer().outputShape(read));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("node '" + node.id() + "': " + e.getMessage(), e);
        }
        nodes.add(node);
        return node.id();
    }

    /** Adds layers, each of which reads the one before it; their ids are {@code prefix-1} and so on. */
    public String chain(String prefix, String from, List<? extends Layer> layers) {
        String last = from;
        for (int i = 0; i < layers.size(); i++) {
            last = add(prefix + "-" + (i + 1), layers.get(i), last);
        }
        return last;
    }

    /**
     * The shape of an input or of a node that was added.
     *
     * @throws IllegalArgumentException if nothing has this id
     */
    public Shape shape(String id) {
        return Optional.ofNullable(shapes.get(id))
                .orElseThrow(() -> new IllegalArgumentException("no input or earlier node is named '" + id + "'"));
    }

    /**
     * The model with this output.
     *
     * @throws dev.tacita.core.ProblemsException with every problem of the graph
     */
    public ModelSpec build(String output) {
        return new ModelSpec(inputs, nodes, output);
    }
}
