package dev.tacita.config;

import static dev.tacita.config.Kinds.bool;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.core.Problem;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a model: a chain ({@code input}, {@code layers}) or a graph ({@code inputs}, {@code nodes}, {@code output}).
 * What does not fit together is reported at the line of its layer.
 */
final class ModelReader {
    private static final Kind<Layer> LAYER = variant(LayerReader.LAYERS);
    private static final Kind<Shape> SHAPE = list(integer(1, Integer.MAX_VALUE)).map(Shape::new);

    private ModelReader() {}

    static Value<ModelSpec> model(Section section) {
        boolean graph = section.has("nodes") || section.has("inputs") || section.has("output");
        return graph ? graph(section) : chain(section);
    }

    private static Value<ModelSpec> chain(Section section) {
        Value<Shape> input = section.required("input", SHAPE);
        Value<List<Placed<Layer>>> layers = section.required("layers", list(Placed.of(LAYER)));
        return section.create(() -> {
            Map<String, Element> places = new HashMap<>();
            List<Node> nodes = new ArrayList<>();
            String previous = "input";
            for (Placed<Layer> layer : layers.get()) {
                Node node = new Node("layer-" + (nodes.size() + 1), layer.value(), List.of(previous));
                nodes.add(node);
                previous = node.id();
                places.put(node.id(), layer.element());
            }
            return whole(section, List.of(new Input("input", input.get())), nodes, previous, places);
        });
    }

    private static Value<ModelSpec> graph(Section section) {
        Value<List<Input>> inputs = section.required("inputs", list(section(ModelReader::input)));
        Value<List<Placed<Node>>> placed = section.required("nodes", list(Placed.of(section(ModelReader::node))));
        Value<String> output = section.required("output", text());
        return section.create(() -> {
            Map<String, Element> places = new HashMap<>();
            List<Node> nodes = new ArrayList<>();
            for (Placed<Node> node : placed.get()) {
                nodes.add(node.value());
                places.put(node.value().id(), node.element());
            }
            return whole(section, inputs.get(), nodes, output.get(), places);
        });
    }

    private static Value<Input> input(Section section) {
        Value<String> id = section.required("id", text());
        Value<Shape> shape = section.required("shape", SHAPE);
        return section.create(() -> new Input(id.get(), shape.get()));
    }

    private static Value<Node> node(Section section) {
        Value<String> id = section.required("id", text());
        Value<Layer> layer = section.required("layer", LAYER);
        Value<List<String>> inputs = section.required("inputs", list(text()));
        Value<Boolean> frozen = section.optional("frozen", bool(), false);
        Value<Optional<String>> parametersOf = section.optional("parameters-of", text());
        return section.create(() -> new Node(id.get(), layer.get(), inputs.get(), frozen.get(), parametersOf.get()));
    }

    private static ModelSpec whole(
            Section section, List<Input> inputs, List<Node> nodes, String output, Map<String, Element> places) {
        List<Problem> problems = ModelSpec.problems(inputs, nodes, output);
        for (Problem problem : problems) {
            Element place = places.get(nodeId(problem.place()));
            if (place != null) {
                place.problem(problem.why(), problem.fix());
            } else {
                section.element().problem(problem.place() + ": " + problem.why(), problem.fix());
            }
        }
        if (!problems.isEmpty()) {
            return Value.<ModelSpec>unreadable().get();
        }
        ModelSpec model = new ModelSpec(inputs, nodes, output);
        checkSize(model);
        return model;
    }

    private static String nodeId(String place) {
        return place.startsWith("node '") ? place.substring(6, place.length() - 1) : "";
    }

    private static void checkSize(ModelSpec model) {
        try {
            model.layout();
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new IllegalArgumentException("a model must have at most 2147483647 parameters", e);
        }
    }

    /** A value and where it was. */
    private record Placed<T>(Element element, T value) {
        static <T> Kind<Placed<T>> of(Kind<T> kind) {
            return element -> {
                Value<T> value = kind.read(element);
                return element.create(() -> new Placed<>(element, value.get()));
            };
        }
    }
}
