package dev.tacita.safetensors;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a safetensors file holds: tensors by name, and what it says about itself.
 *
 * @param tensors in the order of their bytes, each name once
 * @param metadata in the order of the keys
 */
public record Safetensors(List<Tensor> tensors, SortedMap<String, String> metadata) {
    /** @throws IllegalArgumentException if two tensors have one name */
    public Safetensors {
        tensors = List.copyOf(tensors);
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        Set<String> names = new HashSet<>();
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors have the name '" + tensor.name() + "'");
            }
        }
    }

    /**
     * A model's parameters: a tensor for each slot of its layout, by the slot's name, such as {@code layer-1.weight}.
     *
     * @param parameters the flat vector
     * @throws IllegalArgumentException if it is not as long as the layout
     */
    public static Safetensors of(ParameterLayout layout, float[] parameters, Map<String, String> metadata) {
        if (parameters.length != layout.size()) {
            throw new IllegalArgumentException(
                    "the model has " + layout.size() + " parameters. Provided value: " + parameters.length);
        }
        List<Tensor> tensors = new ArrayList<>();
        for (ParameterLayout.Slot slot : layout.slots()) {
            float[] values = Arrays.copyOfRange(parameters, slot.offset(), slot.offset() + slot.length());
            tensors.add(new Tensor(slot.name(), slot.parameter().shape().dimensions(), values));
        }
        return new Safetensors(tensors, new TreeMap<>(metadata));
    }

    /**
     * The flat vector of a model's parameters.
     *
     * @throws ProblemsException with every tensor that is missing, that the model does not have, whose shape is another,
     *     or that holds a number that is not finite
     */
    public float[] parameters(ParameterLayout layout) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Tensor> left = new LinkedHashMap<>();
        tensors.forEach(tensor -> left.put(tensor.name(), tensor));
        float[] parameters = new float[layout.size()];
        for (ParameterLayout.Slot slot : layout.slots()) {
            Tensor tensor = left.remove(slot.name());
            Optional<String> why = tensor == null ? Optional.of("it is missing.") : mismatch(slot, tensor);
            why.ifPresent(text -> problems.add(Problem.of(place(slot.name()), text)));
            if (tensor != null && why.isEmpty()) {
                System.arraycopy(tensor.values(), 0, parameters, slot.offset(), slot.length());
            }
        }
        left.keySet().forEach(name -> problems.add(Problem.of(place(name), "the model has no such parameter.")));
        if (!problems.isEmpty()) {
            throw new ProblemsException("the parameters do not fit the model", problems);
        }
        return parameters;
    }

    private static Optional<String> mismatch(ParameterLayout.Slot slot, Tensor tensor) {
        List<Integer> dimensions = slot.parameter().shape().dimensions();
        if (!tensor.dimensions().equals(dimensions)) {
            return Optional.of("its shape must be " + dimensions + ". Provided value: " + tensor.dimensions() + ".");
        }
        for (int i = 0; i < tensor.values().length; i++) {
            if (!Float.isFinite(tensor.values()[i])) {
                return Optional.of(
                        "every number must be finite. Provided value: " + tensor.values()[i] + " at index " + i + ".");
            }
        }
        return Optional.empty();
    }

    static String place(String name) {
        StringBuilder shown = new StringBuilder("tensor '");
        for (int i = 0; i < Math.min(name.length(), 80); i++) {
            char letter = name.charAt(i);
            boolean odd = Character.isISOControl(letter)
                    || Character.isSurrogate(letter)
                    || Character.getType(letter) == Character.FORMAT;
            shown.append(odd ? '?' : letter);
        }
        return shown.append(name.length() > 80 ? "...'" : "'").toString();
    }
}
