package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import dev.tacita.onnx.Value.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Operators that move elements, and those that do nothing. */
final class ShapeOperators {
    private ShapeOperators() {}

    static void addTo(Map<String, OperatorReader> readers) {
        readers.put("Flatten", ShapeOperators::flatten);
        readers.put("Reshape", ShapeOperators::reshape);
        readers.put("Squeeze", ShapeOperators::squeeze);
        readers.put("Unsqueeze", ShapeOperators::unsqueeze);
        readers.put("Concat", ShapeOperators::concat);
        readers.put("Transpose", ShapeOperators::transpose);
        readers.put("Slice", ShapeOperators::slice);
        readers.put("Split", ShapeOperators::split);
        readers.put("Pad", ShapeOperators::pad);
        readers.put("Dropout", ShapeOperators::dropout);
        readers.put("Identity", call -> call.signal(0));
        readers.put("Cast", ShapeOperators::cast);
    }

    private static Value flatten(NodeCall call) {
        Signal signal = call.signal(0);
        long axis = call.integer("axis", 1);
        if (call.dimension(axis, signal.shape()) != 0) {
            throw new IllegalArgumentException("axis must be 1. Provided value: " + axis);
        }
        return call.add(new Layer.Flatten(), List.of(signal));
    }

    private static Value reshape(NodeCall call) {
        Signal signal = call.signal(0);
        boolean zeroCopies = call.integer("allowzero", 0) == 0;
        return reshaped(
                call,
                signal,
                target(
                        call.integers(1),
                        signal.shape(),
                        zeroCopies,
                        call.context().batch()));
    }

    /** The shape of one example that a reshape asks for. */
    private static Shape target(long[] wanted, Shape from, boolean zeroCopies, OptionalLong batch) {
        if (wanted.length < 2) {
            throw new IllegalArgumentException(
                    "an example must keep a dimension of its own. Provided shape: " + text(wanted));
        }
        long known = 1;
        int open = -1;
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 1; i < wanted.length; i++) {
            long dimension = wanted[i];
            if (dimension == 0 && zeroCopies && i <= from.rank()) {
                dimension = from.dimension(i - 1);
            }
            if (dimension == -1 && open < 0) {
                open = i - 1;
                dimension = 1;
            }
            if (dimension < 1 || dimension > Integer.MAX_VALUE || known * dimension > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "each dimension of an example must be >= 1. Provided shape: " + text(wanted));
            }
            known *= dimension;
            dimensions.add((int) dimension);
        }
        long first = wanted[0];
        boolean keepsBatch = first == Value.BATCH
                || (first == 0 && zeroCopies)
                || (batch.isPresent() && first == batch.getAsLong())
                || (first == -1 && open < 0);
        if (!keepsBatch) {
            throw new IllegalArgumentException(
                    "the first dimension must stay that of the batch. Provided shape: " + text(wanted));
        }
        if (open >= 0) {
            dimensions.set(open, Math.max(1, (int) (from.size() / known)));
        }
        Shape shape = new Shape(dimensions);
        if (shape.size() != from.size()) {
            throw new IllegalArgumentException("the " + from.size() + " elements of " + from
                    + " must stay as many. Provided shape: " + text(wanted));
        }
        return shape;
    }

    private static String text(long[] shape) {
        List<String> words = new ArrayList<>();
        for (long dimension : shape) {
            if (words.size() == 16) {
                words.add("...");
                break;
            }
            words.add(dimension == Value.BATCH ? "batch" : Long.toString(dimension));
        }
        return words.toString();
    }

    private static Value reshaped(NodeCall call, Signal signal, Shape shape) {
        if (shape.equals(signal.shape())) {
            return signal;
        } else if (shape.rank() == 1) {
            return call.add(new Layer.Flatten(), List.of(signal));
        }
        return call.add(new Rearrangement.Reshape(shape), List.of(signal));
    }

    private static Value transpose(NodeCall call) {
        Signal signal = call.signal(0);
        int rank = signal.shape().rank();
        List<Long> given = call.list("perm").orElse(List.of());
        if (given.size() != rank + 1 || given.get(0) != 0) {
            throw new IllegalArgumentException("attribute 'perm' must have " + (rank + 1)
                    + " elements and leave the batch first. Provided value: " + given);
        }
        List<Integer> permutation = given.stream()
                .skip(1)
                .map(dimension -> call.dimension(dimension, signal.shape()))
                .toList();
        return call.add(new Rearrangement.Transpose(permutation), List.of(signal));
    }

    private static Value slice(NodeCall call) {
        Signal signal = call.signal(0);
        long[] starts = call.integers(1);
        long[] ends = call.integers(2);
        long[] axes =
                call.optionalIntegers(3).orElseThrow(() -> new IllegalArgumentException("its axes must be given"));
        long[] steps = call.optionalIntegers(4).orElse(new long[0]);
        if (starts.length != ends.length
                || axes.length != starts.length
                || Arrays.stream(steps).anyMatch(s -> s != 1)) {
            throw new IllegalArgumentException("its starts, ends and axes must be as many, and each step 1");
        }
        for (int i = 0; i < axes.length; i++) {
            int dimension = call.dimension(axes[i], signal.shape());
            int length = signal.shape().dimension(dimension);
            int from = clamp(starts[i], length);
            int to = clamp(ends[i], length);
            if (axes.length == 1 || from > 0 || to < length) {
                signal = call.add(new Rearrangement.Slice(dimension, from, to), List.of(signal));
            }
        }
        return signal;
    }

    private static int clamp(long index, int length) {
        return (int) Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    private static Value split(NodeCall call) {
        Signal signal = call.signal(0);
        int dimension = call.dimension(call.integer("axis", 0), signal.shape());
        int length = signal.shape().dimension(dimension);
        int parts = call.outputCount();
        call.ignore("num_outputs");
        int even = length / parts + (length % parts == 0 ? 0 : 1);
        long[] lengths = call.optionalIntegers(1).orElseGet(() -> {
            long[] equal = new long[parts];
            Arrays.fill(equal, even);
            equal[parts - 1] = length - (long) even * (parts - 1);
            return equal;
        });
        if (lengths.length != parts || Arrays.stream(lengths).anyMatch(some -> some < 1 || some > length)) {
            throw new IllegalArgumentException("its " + parts + " parts must each be >= 1 and at most " + length
                    + " long. Provided value: " + text(lengths));
        }
        List<Signal> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < parts; i++) {
            int to = Math.addExact(from, (int) lengths[i]);
            slices.add(call.add(new Rearrangement.Slice(dimension, from, to), List.of(signal)));
            call.give(i, slices.get(i));
            from = to;
        }
        return slices.get(0);
    }

    private static Value pad(NodeCall call) {
        Signal signal = call.signal(0);
        String mode = call.text("mode", "constant");
        if (!mode.equals("constant")) {
            throw new IllegalArgumentException(
                    "attribute 'mode' must be constant. Provided value: " + Printable.of(mode));
        }
        int rank = signal.shape().rank();
        long[] pads = call.integers(1);
        double value = call.optionalNumbers(2)
                .filter(Value.Numbers::single)
                .map(constant -> NodeCall.shortest(constant.values()[0]))
                .orElse(0.0);
        if (call.input(3).isPresent()
                || pads.length != 2 * (rank + 1)
                || pads[0] != 0
                || pads[rank + 1] != 0
                || Arrays.stream(pads).anyMatch(some -> some < 0 || some > Short.MAX_VALUE)) {
            throw new IllegalArgumentException("it must pad " + (rank + 1) + " dimensions before and after by 0 to "
                    + Short.MAX_VALUE + ", the batch by 0. Provided value: " + text(pads));
        }
        return call.add(new Rearrangement.Pad(part(pads, 1, rank), part(pads, rank + 2, rank), value), List.of(signal));
    }

    private static List<Integer> part(long[] values, int from, int length) {
        return Arrays.stream(values, from, from + length)
                .mapToObj(value -> (int) value)
                .toList();
    }

    private static Value squeeze(NodeCall call) {
        Signal signal = call.signal(0);
        List<Integer> dimensions = new ArrayList<>(signal.shape().dimensions());
        long[] axes =
                call.optionalIntegers(1).orElseThrow(() -> new IllegalArgumentException("its axes must be given"));
        for (long axis : axes) {
            int dimension = call.dimension(axis, signal.shape());
            if (signal.shape().dimension(dimension) != 1) {
                throw new IllegalArgumentException(
                        "axis " + axis + " must have length 1. Provided shape: " + signal.shape());
            }
            dimensions.set(dimension, 0);
        }
        dimensions.removeIf(length -> length == 0);
        return reshaped(call, signal, new Shape(dimensions));
    }

    private static Value unsqueeze(NodeCall call) {
        Signal signal = call.signal(0);
        List<Integer> dimensions = new ArrayList<>(signal.shape().dimensions());
        int rank = dimensions.size() + 1;
        long[] axes = call.integers(1);
        long[] sorted = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            sorted[i] = axes[i] < 0 ? axes[i] + rank + axes.length : axes[i];
        }
        Arrays.sort(sorted);
        for (long axis : sorted) {
            if (axis < 1 || axis > dimensions.size() + 1) {
                throw new IllegalArgumentException(
                        "its axes must lie within an example and not before the batch. Provided value: " + axis);
            }
            dimensions.add((int) axis - 1, 1);
        }
        return reshaped(call, signal, new Shape(dimensions));
    }

    private static Value concat(NodeCall call) {
        List<Signal> signals = call.signals();
        long axis = call.integer("axis", 0);
        if (call.dimension(axis, signals.get(0).shape()) != 0) {
            throw new IllegalArgumentException("axis must be 1, an example's first. Provided value: " + axis);
        }
        return signals.size() == 1 ? signals.get(0) : call.add(new Layer.Concat(), signals);
    }

    private static Value dropout(NodeCall call) {
        Signal signal = call.signal(0);
        call.ignore("seed");
        double rate = call.optionalNumbers(1)
                .map(ratio -> {
                    if (!ratio.single()) {
                        throw new IllegalArgumentException("its ratio must be one number");
                    }
                    return NodeCall.shortest(ratio.values()[0]);
                })
                .orElse(0.5);
        call.optionalIntegers(2).ifPresent(training -> {
            if (training.length != 1 || training[0] != 0) {
                throw new IllegalArgumentException("training_mode must be false");
            }
        });
        return call.add(new Layer.Dropout(rate), List.of(signal));
    }

    private static Value cast(NodeCall call) {
        Signal signal = call.signal(0);
        call.ignore("saturate");
        call.requireInteger("to", DataType.FLOAT.getNumber(), 0);
        return signal;
    }
}
