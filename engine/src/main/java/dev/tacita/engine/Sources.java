package dev.tacita.engine;

import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import java.util.Arrays;
import java.util.List;

/** For each element of a rearrangement's output, in row-major order, its place in the input. */
final class Sources {
    /** In place of a place: the element is the padding's constant. */
    static final int CONSTANT = -1;

    private Sources() {}

    static int[] of(Rearrangement.Transpose layer, Shape input) {
        int[] strides = strides(input);
        int[] permuted = layer.permutation().stream().mapToInt(i -> strides[i]).toArray();
        return walk(layer.outputShape(List.of(input)), permuted, 0);
    }

    static int[] of(Rearrangement.Slice layer, Shape input) {
        int[] strides = strides(input);
        return walk(layer.outputShape(List.of(input)), strides, layer.from() * strides[layer.dimension()]);
    }

    static int[] of(Rearrangement.Pad layer, Shape input) {
        Shape output = layer.outputShape(List.of(input));
        int[] inside = strides(output);
        int first = 0;
        for (int i = 0; i < inside.length; i++) {
            first += layer.before().get(i) * inside[i];
        }
        int[] places = walk(input, inside, first);
        int[] sources = new int[output.size()];
        Arrays.fill(sources, CONSTANT);
        for (int i = 0; i < places.length; i++) {
            sources[places[i]] = i;
        }
        return sources;
    }

    private static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.dimension(i);
        }
        return strides;
    }

    /** The places that a walk over {@code shape} in row-major order visits. */
    private static int[] walk(Shape shape, int[] strides, int first) {
        int[] places = new int[shape.size()];
        int[] index = new int[shape.rank()];
        int place = first;
        for (int i = 0; i < places.length; i++) {
            places[i] = place;
            int dimension = index.length - 1;
            while (dimension >= 0) {
                place += strides[dimension];
                if (++index[dimension] < shape.dimension(dimension)) {
                    break;
                }
                place -= strides[dimension] * shape.dimension(dimension);
                index[dimension--] = 0;
            }
        }
        return places;
    }
}
