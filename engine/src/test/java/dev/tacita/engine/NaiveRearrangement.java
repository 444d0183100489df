package dev.tacita.engine;

import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import java.util.function.UnaryOperator;

/** Rearrangements by the index of each element, as their definitions read. */
final class NaiveRearrangement {
    private NaiveRearrangement() {}

    static double[] transpose(Rearrangement.Transpose layer, double[] x, Shape from, Shape to) {
        return moved(x, from, to, 0, index -> {
            int[] source = new int[index.length];
            for (int i = 0; i < index.length; i++) {
                source[layer.permutation().get(i)] = index[i];
            }
            return source;
        });
    }

    static double[] slice(Rearrangement.Slice layer, double[] x, Shape from, Shape to) {
        return moved(x, from, to, 0, index -> {
            int[] source = index.clone();
            source[layer.dimension()] += layer.from();
            return source;
        });
    }

    static double[] pad(Rearrangement.Pad layer, double[] x, Shape from, Shape to) {
        return moved(x, from, to, layer.value(), index -> {
            int[] source = index.clone();
            for (int i = 0; i < source.length; i++) {
                source[i] -= layer.before().get(i);
            }
            return source;
        });
    }

    private static double[] moved(double[] x, Shape from, Shape to, double outside, UnaryOperator<int[]> source) {
        double[] y = new double[to.size()];
        for (int i = 0; i < y.length; i++) {
            int place = place(source.apply(index(i, to)), from);
            y[i] = place < 0 ? outside : x[place];
        }
        return y;
    }

    private static int[] index(int place, Shape shape) {
        int[] index = new int[shape.rank()];
        int rest = place;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            index[i] = rest % shape.dimension(i);
            rest /= shape.dimension(i);
        }
        return index;
    }

    private static int place(int[] index, Shape shape) {
        int place = 0;
        for (int i = 0; i < index.length; i++) {
            if (index[i] < 0 || index[i] >= shape.dimension(i)) {
                return -1;
            }
            place = place * shape.dimension(i) + index[i];
        }
        return place;
    }
}
