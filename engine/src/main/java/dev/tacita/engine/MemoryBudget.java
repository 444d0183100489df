package dev.tacita.engine;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.List;

/** How many examples a pass takes at once, so that memory is bounded by the model and not by the data. */
final class MemoryBudget {
    private static final long PIECE = 1L << 23;
    private static final long BATCH = 1L << 26;
    private static final long WHOLE_BATCH = 1L << 27;
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final int MOST_IN_PIECE = 128;

    private MemoryBudget() {}

    /** Examples in a piece of an evaluation or a full-batch gradient; depends on the model only. */
    static int piece(ModelSpec model) {
        return (int) Math.max(1, Math.min(MOST_IN_PIECE, PIECE / floatsPerExample(model)));
    }

    /** Examples in the largest batch that is run in one pass; a larger one is added up from pieces. */
    static int largestBatch(ModelSpec model) {
        return fitting(model, BATCH);
    }

    private static int fitting(ModelSpec model, long floats) {
        return (int) Math.max(piece(model), Math.min(Integer.MAX_VALUE, floats / floatsPerExample(model)));
    }

    /**
     * {@code batch}, where nothing can be added up from pieces.
     *
     * @throws ProblemsException if so many examples do not fit into one pass
     */
    static int wholePass(ModelSpec model, int batch) {
        int most = fitting(model, WHOLE_BATCH);
        if (batch > most) {
            throw new ProblemsException(
                    "the batch",
                    List.of(new Problem(
                            "batch",
                            "a loss or a layer that mixes examples needs the batch in one pass; of this model, at most "
                                    + most + " examples. Provided value: " + batch + ".",
                            "Use a smaller batch, or a model and a loss that keep examples apart.")));
        }
        return batch;
    }

    /** Every node whose buffers no array of the JVM can hold, even for one example. */
    static List<Problem> problems(ModelSpec model) {
        List<Problem> problems = new ArrayList<>();
        for (Wiring.Step step : new Wiring(model).steps()) {
            if (step.outputShape().size() > LONGEST_ARRAY) {
                problems.add(new Problem(
                        "node '" + step.node().id() + "'",
                        "its value of shape " + step.outputShape() + " is longer than an array can be.",
                        "Use smaller dimensions."));
            }
            long working = workingFloats(step);
            if (working > LONGEST_ARRAY) {
                problems.add(new Problem(
                        "node '" + step.node().id() + "'",
                        "it needs " + working + " numbers of working memory for one example; at most " + LONGEST_ARRAY
                                + " are allowed.",
                        "Use fewer steps or units."));
            }
            if (step.node().layer() instanceof Layer.Conv2d layer) {
                Geometry geometry =
                        Geometry.of(layer.window(), step.inputShapes().get(0), step.outputShape());
                long columns = Conv2dOperation.largestColumns(geometry, layer.filters());
                long padded = (long) geometry.channels() * geometry.paddedHeight() * geometry.paddedWidth();
                if (Math.max(columns, padded) > LONGEST_ARRAY) {
                    problems.add(new Problem(
                            "node '" + step.node().id() + "'",
                            "the convolution of one example needs " + Math.max(columns, padded)
                                    + " numbers at once; an array holds " + LONGEST_ARRAY + ".",
                            "Use a smaller input or kernel, or a larger stride."));
                }
            }
        }
        return problems;
    }

    private static long floatsPerExample(ModelSpec model) {
        long values = 0;
        for (Shape shape : model.shapes().values()) {
            values += shape.size();
        }
        for (Wiring.Step step : new Wiring(model).steps()) {
            values += workingFloats(step) / 2;
        }
        return 2 * values;
    }

    /** What an operation of several steps keeps for one example besides its value and signal. */
    private static long workingFloats(Wiring.Step step) {
        Layer layer = step.node().layer();
        if (!(layer instanceof Sequence.Lstm
                || layer instanceof Sequence.Gru
                || layer instanceof Sequence.SelfAttention)) {
            return 0;
        }
        long steps = step.inputShapes().get(0).dimension(0);
        long width = step.inputShapes().get(0).dimension(1);
        if (layer instanceof Sequence.SelfAttention attention) {
            return SelfAttentionOperation.workingFloats(steps, width, attention.heads());
        }
        return layer instanceof Sequence.Lstm lstm
                ? LstmOperation.workingFloats(steps, width, lstm.units())
                : GruOperation.workingFloats(steps, width, ((Sequence.Gru) layer).units());
    }
}
