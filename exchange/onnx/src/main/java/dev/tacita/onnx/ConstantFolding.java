package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tacita.onnx.Value.Integers;
import dev.tacita.onnx.Value.Numbers;
import dev.tacita.onnx.Value.Signal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;

/**
 * Operators that can be worked out while a file is read: constants, and what exporters write to compute a shape. Vectors
 * of integers are shapes and indices, and short.
 */
final class ConstantFolding {
    private static final int LONGEST = 1024;
    private static final Map<String, OperatorReader> FOLDS = folds();

    private ConstantFolding() {}

    /** The reader for a node whose inputs are all constant; for any node if it looks at shapes only. */
    static Optional<OperatorReader> of(String operator, boolean constant) {
        return constant || operator.equals("Shape") ? Optional.ofNullable(FOLDS.get(operator)) : Optional.empty();
    }

    static boolean knows(String operator) {
        return FOLDS.containsKey(operator);
    }

    private static Map<String, OperatorReader> folds() {
        Map<String, OperatorReader> folds = new HashMap<>();
        folds.put("Constant", ConstantFolding::constant);
        folds.put("Shape", ConstantFolding::shape);
        folds.put("Identity", call -> call.value(0));
        folds.put("Cast", ConstantFolding::cast);
        folds.put("Gather", ConstantFolding::gather);
        folds.put("Concat", ConstantFolding::concat);
        folds.put("Unsqueeze", ConstantFolding::unsqueeze);
        folds.put("Squeeze", ConstantFolding::squeeze);
        folds.put("Slice", ConstantFolding::slice);
        folds.put("Transpose", ConstantFolding::transpose);
        folds.put("Reshape", ConstantFolding::reshape);
        folds.put("ReduceProd", ConstantFolding::product);
        folds.put("Add", arithmetic("sums", Math::addExact));
        folds.put("Sub", arithmetic("differences", Math::subtractExact));
        folds.put("Mul", arithmetic("products", Math::multiplyExact));
        folds.put("Div", arithmetic("quotients", (a, b) -> a / b));
        return Map.copyOf(folds);
    }

    private static Value constant(NodeCall call) {
        Optional<AttributeProto> tensor = call.attribute("value", AttributeType.TENSOR);
        if (tensor.isPresent()) {
            return new TensorReader(call.context().budget()).read(tensor.get().getT());
        }
        Optional<AttributeProto> integer = call.attribute("value_int", AttributeType.INT);
        if (integer.isPresent()) {
            return new Integers(true, new long[] {integer.get().getI()});
        }
        Optional<AttributeProto> integers = call.attribute("value_ints", AttributeType.INTS);
        if (integers.isPresent()) {
            return vector(integers.get().getIntsList().stream().mapToLong(Long::longValue));
        }
        float number = call.attribute("value_float", AttributeType.FLOAT)
                .map(AttributeProto::getF)
                .orElseThrow(() -> new IllegalArgumentException("its value must be a tensor, a number or integers"));
        return new Numbers("", new int[0], new float[] {number});
    }

    private static Value shape(NodeCall call) {
        long[] shape;
        if (call.value(0) instanceof Signal signal) {
            shape = LongStream.concat(
                            LongStream.of(Value.BATCH),
                            signal.shape().dimensions().stream().mapToLong(Integer::longValue))
                    .toArray();
        } else if (call.value(0) instanceof Numbers numbers) {
            shape = Arrays.stream(numbers.dimensions()).asLongStream().toArray();
        } else {
            shape = new long[] {call.integers(0).length};
        }
        int start = clamp(call.integer("start", 0), shape.length);
        int end = clamp(call.integer("end", shape.length), shape.length);
        return new Integers(false, Arrays.copyOfRange(shape, start, Math.max(start, end)));
    }

    private static Value cast(NodeCall call) {
        long to = call.integer("to", 0);
        boolean whole = to == DataType.INT64.getNumber() || to == DataType.INT32.getNumber();
        boolean number = to == DataType.FLOAT.getNumber();
        call.ignore("saturate");
        if ((call.value(0) instanceof Integers && whole) || (call.value(0) instanceof Numbers && number)) {
            return call.value(0);
        }
        throw new IllegalArgumentException("attribute 'to' must keep the kind of the constant. Provided value: " + to);
    }

    private static Value gather(NodeCall call) {
        call.requireInteger("axis", 0);
        long[] data = call.integers(0);
        long[] indices = call.integers(1);
        boolean scalar = call.value(1) instanceof Integers integers && integers.scalar();
        long[] values = new long[indices.length];
        for (int i = 0; i < values.length; i++) {
            long index = indices[i] < 0 ? indices[i] + data.length : indices[i];
            if (index < 0 || index >= data.length) {
                throw new IllegalArgumentException("its indices must be from " + -data.length + " to "
                        + (data.length - 1) + ". Provided value: " + indices[i]);
            }
            values[i] = data[(int) index];
        }
        return new Integers(scalar, values);
    }

    private static Value concat(NodeCall call) {
        call.requireInteger("axis", 0, 0);
        LongStream all = LongStream.empty();
        int length = 0;
        for (int i = 0; i < call.inputCount(); i++) {
            long[] some = call.integers(i);
            length += some.length;
            if (length > LONGEST) {
                throw new IllegalArgumentException("a shape must have at most " + LONGEST + " elements");
            }
            all = LongStream.concat(all, LongStream.of(some));
        }
        return vector(all);
    }

    private static Value unsqueeze(NodeCall call) {
        call.ignore("axes");
        call.input(1);
        if (call.value(0) instanceof Integers integers && integers.scalar()) {
            return new Integers(false, integers.values());
        }
        throw new IllegalArgumentException("of constants only a single integer can be unsqueezed");
    }

    private static Value squeeze(NodeCall call) {
        call.input(1);
        long[] values = call.integers(0);
        if (values.length != 1) {
            throw new IllegalArgumentException("of constants only a single integer can be squeezed");
        }
        return new Integers(true, values);
    }

    private static Value slice(NodeCall call) {
        long[] data = call.integers(0);
        long[] starts = call.integers(1);
        long[] ends = call.integers(2);
        long[] axes = call.optionalIntegers(3).orElse(new long[] {0});
        long[] steps = call.optionalIntegers(4).orElse(new long[] {1});
        if (starts.length != 1
                || ends.length != 1
                || axes.length != 1
                || axes[0] != 0
                || steps.length != 1
                || steps[0] != 1) {
            throw new IllegalArgumentException("of constants only a run of a vector's elements can be taken");
        }
        int start = clamp(starts[0], data.length);
        int end = clamp(ends[0], data.length);
        return new Integers(false, Arrays.copyOfRange(data, start, Math.max(start, end)));
    }

    private static Value transpose(NodeCall call) {
        Numbers tensor = call.numbers(0);
        int rank = tensor.rank();
        int[] permutation = new int[rank];
        boolean[] seen = new boolean[rank];
        var given = call.list("perm");
        if (given.isPresent() && given.get().size() != rank) {
            throw new IllegalArgumentException("attribute 'perm' must have " + rank + " elements");
        }
        for (int i = 0; i < rank; i++) {
            long dimension = given.isPresent() ? given.get().get(i) : rank - 1 - i;
            if (dimension < 0 || dimension >= rank || seen[(int) dimension]) {
                throw new IllegalArgumentException("attribute 'perm' must hold each of 0 to " + (rank - 1) + " once");
            }
            seen[(int) dimension] = true;
            permutation[i] = (int) dimension;
        }
        return Tensors.permuted(tensor, permutation, call);
    }

    private static Value reshape(NodeCall call) {
        Numbers tensor = call.numbers(0);
        call.requireInteger("allowzero", 0);
        long[] wanted = call.integers(1);
        int[] dimensions = new int[wanted.length];
        long length = 1;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] < 1 || wanted[i] > Integer.MAX_VALUE || length * wanted[i] > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "each dimension of a constant must be >= 1. Provided shape: " + Arrays.toString(wanted));
            }
            dimensions[i] = (int) wanted[i];
            length *= wanted[i];
        }
        if (length != tensor.values().length) {
            throw new IllegalArgumentException("the " + tensor.values().length
                    + " numbers of its constant must stay as many. Provided shape: " + Arrays.toString(wanted));
        }
        return new Numbers(tensor.name(), dimensions, tensor.values());
    }

    private static Value product(NodeCall call) {
        call.ignore("keepdims");
        long product = 1;
        for (long value : call.integers(0)) {
            product = exact("products", Math::multiplyExact, product, value);
        }
        return new Integers(call.integer("keepdims", 1) == 0, new long[] {product});
    }

    private static OperatorReader arithmetic(String results, LongBinaryOperator operation) {
        return call -> {
            long[] left = call.integers(0);
            long[] right = call.integers(1);
            if (left.length != right.length && left.length != 1 && right.length != 1) {
                throw new IllegalArgumentException("its inputs must have one length");
            }
            long[] values = new long[Math.max(left.length, right.length)];
            if (values.length > LONGEST) {
                throw new IllegalArgumentException("a shape must have at most " + LONGEST + " elements");
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = exact(results, operation, left[left.length == 1 ? 0 : i], right[right.length == 1 ? 0 : i]);
            }
            boolean scalar = call.value(0) instanceof Integers first
                    && first.scalar()
                    && call.value(1) instanceof Integers second
                    && second.scalar();
            return new Integers(scalar, values);
        };
    }

    private static long exact(String results, LongBinaryOperator operation, long left, long right) {
        if (left == Value.BATCH || right == Value.BATCH) {
            if (results.equals("products") && (left == 1 || right == 1)) {
                return Value.BATCH;
            }
            throw new IllegalArgumentException(results + " of the batch's size are not supported");
        }
        return operation.applyAsLong(left, right);
    }

    private static Integers vector(LongStream values) {
        return new Integers(false, values.toArray());
    }

    private static int clamp(long index, int length) {
        long counted = index < 0 ? index + length : index;
        return (int) Math.max(0, Math.min(length, counted));
    }
}
