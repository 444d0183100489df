package dev.tacita.core.model;

import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where each parameter of a model lies in its one flat vector: nodes in topological order, parameters in the order of
 * their layer. Clipping, masking, encryption, noise and the wire act on that vector. Parameters that several nodes share
 * lie there once.
 *
 * @param slots in the order of their offsets, without gaps
 * @param owners for each node that has the parameters of another, the id of that one
 */
public record ParameterLayout(List<Slot> slots, Map<String, String> owners) {
    /**
     * One parameter's place.
     *
     * @param node id of its node; where nodes share it, of the first
     * @param parameter what it is
     * @param offset index of its first element in the flat vector
     * @param frozen whether it stays as it is, because its node does
     */
    public record Slot(String node, Parameter parameter, int offset, boolean frozen) {
        /** {@code node.parameter}, such as {@code layer-1.weight}. */
        public String name() {
            return node + "." + parameter.name();
        }

        /** Whether optimizers move it: neither its node is frozen nor is it one that never has a gradient. */
        public boolean trained() {
            return parameter.trainable() && !frozen;
        }

        /** The number of elements. */
        public int length() {
            return parameter.shape().size();
        }
    }

    public ParameterLayout {
        slots = List.copyOf(slots);
        owners = Map.copyOf(owners);
    }

    static ParameterLayout of(ModelSpec model) {
        Map<String, Shape> shapes = model.shapes();
        List<Slot> slots = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        int offset = 0;
        for (Node node : model.nodes()) {
            if (node.parametersOf().isPresent()) {
                owners.put(node.id(), node.parametersOf().get());
                continue;
            }
            List<Shape> inputs = node.inputs().stream()
                    .map(id -> Optional.ofNullable(shapes.get(id)).orElseThrow())
                    .toList();
            for (Parameter parameter : node.layer().parameters(inputs)) {
                slots.add(new Slot(node.id(), parameter, offset, node.frozen()));
                offset = Math.addExact(offset, parameter.shape().size());
            }
        }
        return new ParameterLayout(slots, owners);
    }

    /** The length of the flat vector. */
    public int size() {
        return slots.isEmpty()
                ? 0
                : slots.get(slots.size() - 1).offset()
                        + slots.get(slots.size() - 1).length();
    }

    /** The parameters that one node computes with, its own or shared ones, in their order. */
    public List<Slot> of(String node) {
        String owner = owners.getOrDefault(node, node);
        return slots.stream().filter(slot -> slot.node().equals(owner)).toList();
    }

    /** First values for every parameter; the same seeds give the same bits. */
    public float[] initialValues(SeedStream seeds) {
        float[] values = new float[size()];
        for (Slot slot : slots) {
            Parameter parameter = slot.parameter();
            parameter
                    .initializer()
                    .fill(
                            values,
                            slot.offset(),
                            slot.length(),
                            parameter.fanIn(),
                            parameter.fanOut(),
                            seeds.derive(slot.name()));
        }
        return values;
    }
}
