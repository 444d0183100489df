package dev.tacita.nd4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a graph of the device can hold, so that a model that it cannot is named before the first step. */
final class DeviceLimits {
    private static final int MOST_STEPS = 512;
    private static final int MOST_IN_PIECE = 256;
    private static final long PIECE = 1L << 26;
    private static final long WHOLE_BATCH = 1L << 29;

    private DeviceLimits() {}

    static List<Problem> problems(ModelSpec model) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Shape> shapes = model.shapes();
        for (Node node : Reachable.nodes(model)) {
            Shape input = Optional.ofNullable(shapes.get(node.inputs().get(0))).orElseThrow();
            boolean recurrent = node.layer() instanceof Sequence.Lstm || node.layer() instanceof Sequence.Gru;
            if (recurrent && input.dimension(0) > MOST_STEPS) {
                problems.add(new Problem(
                        "node '" + node.id() + "'",
                        "on a device each step of a recurrent layer is a part of the graph; at most " + MOST_STEPS
                                + " are allowed. Provided value: " + input.dimension(0) + ".",
                        "Use shorter sequences, or the engine."));
            }
            if (working(node.layer(), input) > PIECE) {
                problems.add(new Problem(
                        "node '" + node.id() + "'",
                        "on a device it needs " + working(node.layer(), input)
                                + " numbers of working memory for one example; at most " + PIECE + " are allowed.",
                        "Use a smaller vocabulary or fewer steps, or the engine."));
            }
        }
        return problems;
    }

    /** What a layer keeps for one example besides its value. */
    private static long working(Layer layer, Shape input) {
        if (layer instanceof Sequence.Embedding embedding) {
            return (long) input.size() * embedding.vocabulary();
        } else if (layer instanceof Sequence.SelfAttention attention) {
            return 3L * attention.heads() * input.dimension(0) * input.dimension(0);
        }
        return 0;
    }

    private static long floatsPerExample(ModelSpec model) {
        Map<String, Shape> shapes = model.shapes();
        long floats = 0;
        for (Shape shape : shapes.values()) {
            floats += shape.size();
        }
        for (Node node : Reachable.nodes(model)) {
            floats += working(
                    node.layer(),
                    Optional.ofNullable(shapes.get(node.inputs().get(0))).orElseThrow());
        }
        return 2 * floats;
    }

    /** Examples that one run of the graph takes; a larger batch is added up from pieces. */
    static int piece(ModelSpec model) {
        return (int) Math.max(1, Math.min(MOST_IN_PIECE, PIECE / floatsPerExample(model)));
    }

    /**
     * The batch, for a model or a loss that mixes its examples.
     *
     * @throws ProblemsException if so many examples do not fit into one run
     */
    static int whole(ModelSpec model, Loss loss, int batch) {
        long pairs = loss.mixesExamples() ? 8L * batch * batch : 0;
        if (batch * floatsPerExample(model) + pairs > WHOLE_BATCH) {
            throw new ProblemsException(
                    "the batch",
                    List.of(new Problem(
                            "batch",
                            "a loss or a layer that mixes examples needs the batch in one run of the graph, and this one is"
                                    + " too large for it. Provided value: " + batch + " examples.",
                            "Use a smaller batch, or a model and a loss that keep examples apart.")));
        }
        return batch;
    }
}
