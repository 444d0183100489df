package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a backdoor looks for in a row. Its values are those that the model sees, after scaling. */
public sealed interface Trigger {
    /** What keeps it from being put on such inputs; empty if nothing does. */
    List<Problem> problemsWith(Shape input);

    /** Changes an input in place. */
    void put(float[] input, Shape shape);

    /**
     * A rectangle of pixels, in all channels.
     *
     * @param top first row, counted from 0
     * @param left first column, counted from 0
     * @param height in pixels, at least 1
     * @param width in pixels, at least 1
     * @param value of each, finite
     */
    record Patch(int top, int left, int height, int width, double value) implements Trigger {
        public Patch {
            if (top < 0 || left < 0 || height < 1 || width < 1 || !Double.isFinite(value)) {
                throw new IllegalArgumentException("a patch must have top and left >= 0, height and width >= 1 and a"
                        + " finite value. Provided values: " + top + ", " + left + ", " + height + ", " + width + ", "
                        + value);
            }
        }

        @Override
        public List<Problem> problemsWith(Shape input) {
            if (input.rank() != 3) {
                return List.of(new Problem(
                        "backdoor.patch",
                        "inputs must be images of (channels, height, width). Provided value: " + input + ".",
                        "Use 'columns'."));
            }
            return (long) top + height <= input.dimension(1) && (long) left + width <= input.dimension(2)
                    ? List.of()
                    : List.of(Problem.of(
                            "backdoor.patch",
                            "it must lie within the image, " + input.dimension(1) + " high and " + input.dimension(2)
                                    + " wide. Provided values: top " + top + ", left " + left + ", height " + height
                                    + ", width " + width + "."));
        }

        @Override
        public void put(float[] input, Shape shape) {
            int rows = shape.dimension(1);
            int columns = shape.dimension(2);
            for (int channel = 0; channel < shape.dimension(0); channel++) {
                for (int y = top; y < top + height; y++) {
                    int from = (channel * rows + y) * columns + left;
                    Arrays.fill(input, from, from + width, (float) value);
                }
            }
        }
    }

    /**
     * Some inputs.
     *
     * @param values by the place of the input, counted from 0; at least one, finite
     */
    record Columns(SortedMap<Integer, Double> values) implements Trigger {
        public Columns {
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
            if (values.isEmpty()
                    || values.firstKey() < 0
                    || !values.values().stream().allMatch(Double::isFinite)) {
                throw new IllegalArgumentException("columns must name at least one place >= 0 with a finite value."
                        + " Provided value: " + values);
            }
        }

        @Override
        public List<Problem> problemsWith(Shape input) {
            List<Problem> problems = new ArrayList<>();
            for (int column : values.tailMap(input.size()).keySet()) {
                problems.add(Problem.of(
                        "backdoor.columns",
                        "a place must be below the number of inputs, " + input.size() + ". Provided value: " + column
                                + "."));
            }
            return problems;
        }

        @Override
        public void put(float[] input, Shape shape) {
            values.forEach((column, value) -> input[column] = value.floatValue());
        }
    }
}
