package dev.tacita.dl4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.GraphBuilder;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Parameter;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model while it is put together from a network's vertices, with everything found wrong on the way. */
final class Draft {
    private static final int LONGEST_ID = 50;

    private final GraphBuilder graph = new GraphBuilder();
    private final Set<String> ids = new HashSet<>();
    private final Map<String, String> outputs = new HashMap<>();
    private final List<Placed> placed = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private int theirSize;

    private record Placed(String node, Part part, int theirs) {}

    void problem(String place, String why) {
        problems.add(Problem.of(place, why));
    }

    void remark(String sentence) {
        if (!remarks.contains(sentence)) {
            remarks.add(sentence);
        }
    }

    boolean isWhole() {
        return problems.isEmpty();
    }

    void input(String name, Shape shape) {
        outputs.put(name, graph.input(id(name), shape));
    }

    /** The id of what a vertex or input gives; empty if it could not be read, which is reported already. */
    Optional<String> output(String vertex) {
        return Optional.ofNullable(outputs.get(vertex));
    }

    Shape shape(String id) {
        return graph.shape(id);
    }

    /** Adds the nodes that a vertex with one input becomes. */
    void chain(String vertex, String place, String from, List<Reading> readings) {
        String last = from;
        try {
            for (Reading reading : readings) {
                for (Step step : reading.steps(graph.shape(last))) {
                    last = add(vertex, step, last);
                }
            }
            outputs.put(vertex, last);
        } catch (IllegalArgumentException | ArithmeticException e) {
            problem(place, e.getMessage() + ".");
        }
    }

    /** Adds the node that a vertex with several inputs becomes. */
    void join(String vertex, String place, Layer layer, List<String> from) {
        try {
            outputs.put(vertex, graph.add(id(vertex), layer, from.toArray(String[]::new)));
        } catch (IllegalArgumentException e) {
            problem(place, e.getMessage() + ".");
        }
    }

    private String add(String vertex, Step step, String from) {
        Shape input = graph.shape(from);
        Layer layer = step.layer();
        String id = id(step.suffix().isEmpty() ? vertex : vertex + "-" + step.suffix());
        Node node = new Node(id, layer, List.of(from));
        graph.add(step.frozen() ? node.asFrozen() : node);
        List<Parameter> parameters = layer.parameters(List.of(input));
        for (Part part : step.parts()) {
            int length = parameters.stream()
                    .filter(parameter -> parameter.name().equals(part.parameter()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no parameter " + part.parameter()))
                    .shape()
                    .size();
            boolean again = part.arrangement() == Arrangement.GATES_AGAIN;
            placed.add(new Placed(id, part, again ? theirSize - length : theirSize));
            theirSize = again ? theirSize : Math.addExact(theirSize, length);
        }
        return id;
    }

    private String id(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "-");
        plain = plain.substring(0, Math.min(plain.length(), LONGEST_ID));
        String start = plain.isEmpty() || plain.charAt(0) == '-' || plain.charAt(0) == '_' ? "v" + plain : plain;
        String id = start;
        for (int i = 2; !ids.add(id); i++) {
            id = start + "-" + i;
        }
        return id;
    }

    Dl4jMapping build(String subject, Optional<String> output, Optional<Loss> loss) {
        if (problems.isEmpty() && output.isEmpty()) {
            problem("the output", "nothing is computed for it.");
        }
        throwProblems(subject);
        ModelSpec model = graph.build(output.orElseThrow());
        ParameterLayout layout;
        try {
            layout = model.layout();
        } catch (ArithmeticException e) {
            problem("the parameters", "a model must have at most 2147483647 of them.");
            throw new ProblemsException(subject, problems);
        }
        List<Dl4jMapping.Span> spans = placed.stream()
                .map(place ->
                        new Dl4jMapping.Span(slot(layout, place), place.part().arrangement(), place.theirs()))
                .toList();
        return new Dl4jMapping(model, loss, remarks, spans, theirSize);
    }

    void throwProblems(String subject) {
        if (!problems.isEmpty()) {
            throw new ProblemsException(subject, problems);
        }
    }

    private static ParameterLayout.Slot slot(ParameterLayout layout, Placed place) {
        return layout.of(place.node()).stream()
                .filter(slot -> slot.parameter().name().equals(place.part().parameter()))
                .findFirst()
                .orElseThrow();
    }
}
