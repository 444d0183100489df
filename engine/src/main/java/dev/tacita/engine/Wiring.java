package dev.tacita.engine;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which slots a model's nodes read and write. A slot is a model input or a node's value; a flatten or reshape shares
 * the storage of its input. Nodes that the output does not depend on are left out.
 */
final class Wiring {
    /** Where a node's parameters lie in the flat vector, and whose they are. */
    record Place(String owner, int offset, int length, boolean frozen) {
        static Place of(String node, ParameterLayout layout) {
            List<ParameterLayout.Slot> slots = layout.of(node);
            if (slots.isEmpty()) {
                return new Place(node, 0, 0, false);
            }
            ParameterLayout.Slot first = slots.get(0);
            int length = slots.stream().mapToInt(ParameterLayout.Slot::length).sum();
            return new Place(first.node(), first.offset(), length, first.frozen());
        }

        boolean trained() {
            return length > 0 && !frozen;
        }
    }

    /**
     * One node to be run.
     *
     * @param accumulates for each input, whether another reader of that input has already written its signal when
     *     signals travel back
     * @param then what its value is put through where it lies, in place of a node of its own
     */
    record Step(
            Node node,
            List<Shape> inputShapes,
            Shape outputShape,
            int[] inputs,
            int output,
            boolean[] accumulates,
            Place parameters,
            Optional<ActivationFunction> then) {
        Step followedBy(ActivationFunction function) {
            return new Step(
                    node, inputShapes, outputShape, inputs, output, accumulates, parameters, Optional.of(function));
        }

        /** Whether its way back needs its value no more. */
        private boolean leavesItsValue() {
            Layer layer = node.layer();
            return layer instanceof Layer.Dense
                    || layer instanceof Layer.Conv2d
                    || layer instanceof Layer.Add
                    || layer instanceof Normalization;
        }
    }

    private final List<Shape> shapes = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final int[] storage;
    private final boolean[] wanted;
    private final int inputs;
    private final int output;
    private final int parameterCount;
    private final Map<String, Integer> slots = new HashMap<>();

    /** For training: signals travel as far down as there are parameters to be trained. */
    Wiring(ModelSpec model) {
        this(model, Optional.empty());
    }

    /** For signals at these inputs and nodes only, whatever is trained. */
    Wiring(ModelSpec model, Set<String> places) {
        this(model, Optional.of(places));
    }

    private Wiring(ModelSpec model, Optional<Set<String>> places) {
        Map<String, Shape> shapeOf = model.shapes();
        ParameterLayout layout = model.layout();
        Map<String, Integer> slotOf = new HashMap<>();
        for (Input input : model.inputs()) {
            slotOf.put(input.id(), shapes.size());
            shapes.add(input.shape());
        }
        inputs = shapes.size();
        parameterCount = layout.size();
        List<Step> all = new ArrayList<>();
        for (Node node : model.nodes()) {
            int slot = shapes.size();
            int[] from =
                    node.inputs().stream().mapToInt(id -> required(slotOf, id)).toArray();
            List<Shape> fromShapes =
                    node.inputs().stream().map(id -> required(shapeOf, id)).toList();
            Shape shape = required(shapeOf, node.id());
            slotOf.put(node.id(), slot);
            shapes.add(shape);
            all.add(new Step(
                    node,
                    fromShapes,
                    shape,
                    from,
                    slot,
                    new boolean[from.length],
                    Place.of(node.id(), layout),
                    Optional.empty()));
        }
        output = required(slotOf, model.output());
        storage = new int[shapes.size()];
        wanted = new boolean[shapes.size()];
        keepWhatFeedsTheOutput(all);
        shareStorage();
        putActivationsInPlace(places.orElse(Set.of()));
        places.orElse(Set.of()).forEach(id -> {
            slots.put(id, required(slotOf, id));
            wanted[storage[required(slotOf, id)]] = true;
        });
        markWanted(places.isEmpty());
        markAccumulating();
    }

    private static <T> T required(Map<String, T> map, String id) {
        return Optional.ofNullable(map.get(id)).orElseThrow();
    }

    private void keepWhatFeedsTheOutput(List<Step> all) {
        boolean[] live = new boolean[shapes.size()];
        live[output] = true;
        for (int i = all.size() - 1; i >= 0; i--) {
            Step step = all.get(i);
            if (live[step.output()]) {
                steps.add(0, step);
                for (int input : step.inputs()) {
                    live[input] = true;
                }
            }
        }
    }

    private void shareStorage() {
        for (int slot = 0; slot < storage.length; slot++) {
            storage[slot] = slot;
        }
        for (Step step : steps) {
            if (sharesStorage(step)) {
                storage[step.output()] = storage[step.inputs()[0]];
            }
        }
    }

    /** An activation that alone reads a value, and whose way back needs its result only, is computed where the value lies. */
    private void putActivationsInPlace(Set<String> asked) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (step.node().layer() instanceof Layer.Activation activation
                    && Elementwise.of(activation.function()).goesBackByResult()
                    && !asked.contains(step.node().id())
                    && readers(step.inputs()[0]) == 1) {
                IntStream.range(0, i)
                        .filter(before -> steps.get(before).output() == step.inputs()[0])
                        .filter(before -> mayBeFollowed(steps.get(before), asked))
                        .findFirst()
                        .ifPresent(before -> follow(before, step, activation.function()));
            }
        }
    }

    private boolean mayBeFollowed(Step step, Set<String> asked) {
        return step.leavesItsValue()
                && step.then().isEmpty()
                && !asked.contains(step.node().id())
                && storage[step.output()] == step.output();
    }

    private void follow(int before, Step activation, ActivationFunction function) {
        Step followed = steps.get(before).followedBy(function);
        steps.set(before, followed);
        steps.remove(activation);
        storage[activation.output()] = followed.output();
        for (Step step : steps) {
            for (int edge = 0; edge < step.inputs().length; edge++) {
                if (step.inputs()[edge] == activation.output()) {
                    step.inputs()[edge] = followed.output();
                }
            }
        }
    }

    private long readers(int slot) {
        return (slot == output ? 1 : 0)
                + steps.stream()
                        .flatMapToInt(step -> IntStream.of(step.inputs()))
                        .filter(input -> input == slot)
                        .count();
    }

    private void markWanted(boolean training) {
        for (Step step : steps) {
            boolean wants = training && step.parameters().trained();
            for (int input : step.inputs()) {
                wants |= wanted[input];
            }
            wanted[step.output()] |= wants;
        }
        wanted[output] = true;
        wanted[storage[output]] = true;
    }

    private void markAccumulating() {
        boolean[] written = new boolean[shapes.size()];
        written[storage[output]] = true;
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (sharesStorage(step)) {
                continue;
            }
            for (int edge = 0; edge < step.inputs().length; edge++) {
                int input = storage[step.inputs()[edge]];
                step.accumulates()[edge] = written[input];
                written[input] = true;
            }
        }
    }

    private static boolean sharesStorage(Step step) {
        return step.node().layer() instanceof Layer.Flatten || step.node().layer() instanceof Rearrangement.Reshape;
    }

    List<Step> steps() {
        return steps;
    }

    int[] sizes() {
        return shapes.stream().mapToInt(Shape::size).toArray();
    }

    int[] storage() {
        return storage;
    }

    boolean[] wanted() {
        return wanted;
    }

    int inputs() {
        return inputs;
    }

    int parameterCount() {
        return parameterCount;
    }

    int output() {
        return output;
    }

    /** The slot of a place that signals were asked for at. */
    int slot(String place) {
        return required(slots, place);
    }

    /** Whether the output depends on a slot. */
    boolean feedsTheOutput(int slot) {
        return slot == output
                || steps.stream().anyMatch(step -> IntStream.of(step.inputs()).anyMatch(input -> input == slot));
    }

    Shape outputShape() {
        return shapes.get(output);
    }
}
