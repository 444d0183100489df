package dev.tacita.dl4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Examples;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Examples as DL4J takes them.
 *
 * @param outputs of the network
 * @param asClass whether a target is one class index, of which DL4J wants a row with a 1
 */
record Targets(int outputs, boolean asClass) {
    private static final int MOST_ROWS = 20;

    /** @throws ProblemsException with every example whose targets do not fit */
    void check(Examples examples) {
        List<Problem> problems = new ArrayList<>();
        int needed = asClass ? 1 : outputs;
        if (examples.targetSize() != needed) {
            problems.add(Problem.of(
                    "targets",
                    "the network needs " + needed + " target values for each example. Provided value: "
                            + examples.targetSize() + "."));
        } else if (asClass) {
            float[] target = new float[1];
            for (int row = 0; row < examples.size() && problems.size() < MOST_ROWS; row++) {
                examples.copyTarget(row, target, 0);
                if (!(target[0] >= 0 && target[0] < outputs && target[0] == (int) target[0])) {
                    problems.add(Problem.of(
                            "row " + row + " (counted from 0)",
                            "its class must be a whole number from 0 to " + (outputs - 1) + "."));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("the examples", problems);
        }
    }

    DataSet batch(Examples examples, int[] rows) {
        int size = examples.inputShape().size();
        float[] inputs = new float[Math.multiplyExact(rows.length, size)];
        float[] labels = new float[Math.multiplyExact(rows.length, outputs)];
        float[] target = new float[examples.targetSize()];
        for (int i = 0; i < rows.length; i++) {
            examples.copyInput(rows[i], inputs, i * size);
            examples.copyTarget(rows[i], target, 0);
            if (asClass) {
                labels[i * outputs + (int) target[0]] = 1;
            } else {
                System.arraycopy(target, 0, labels, i * outputs, outputs);
            }
        }
        long[] dimensions = new long[examples.inputShape().rank() + 1];
        dimensions[0] = rows.length;
        for (int i = 1; i < dimensions.length; i++) {
            dimensions[i] = examples.inputShape().dimension(i - 1);
        }
        return new DataSet(
                Nd4j.create(inputs, dimensions, 'c'), Nd4j.create(labels, new long[] {rows.length, outputs}, 'c'));
    }

    /** How many examples have their largest output where their label is, or a single one on its side of a half. */
    long correct(INDArray output, INDArray labels) {
        float[] predicted = Vectors.floats(output);
        float[] expected = Vectors.floats(labels);
        long correct = 0;
        for (int row = 0; row < predicted.length / outputs; row++) {
            boolean right = outputs == 1
                    ? predicted[row] > 0.5f == expected[row] > 0.5f
                    : largest(predicted, row) == largest(expected, row);
            if (right) {
                correct++;
            }
        }
        return correct;
    }

    private int largest(float[] values, int row) {
        int best = 0;
        for (int i = 1; i < outputs; i++) {
            if (values[row * outputs + i] > values[row * outputs + best]) {
                best = i;
            }
        }
        return best;
    }
}
