package dev.tacita.engine;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which numbers of an example a model's embeddings read, so that all can be checked before the first step. */
final class Tokens {
    private static final int MOST_ROWS = 20;

    private record Reader(String node, Sequence.Embedding layer, int[] places) {}

    private final Map<String, int[]> places = new HashMap<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** For a model with one input. */
    Tokens(ModelSpec model) {
        List<Wiring.Step> steps = new Wiring(model).steps();
        if (steps.stream().noneMatch(step -> step.node().layer() instanceof Sequence.Embedding)) {
            return;
        }
        int[] all = new int[model.inputs().get(0).shape().size()];
        Arrays.setAll(all, i -> i);
        places.put(model.inputs().get(0).id(), all);
        steps.forEach(this::add);
    }

    private void add(Wiring.Step step) {
        Layer layer = step.node().layer();
        Optional<int[]> read =
                Optional.ofNullable(places.get(step.node().inputs().get(0)));
        if (layer instanceof Sequence.Embedding embedding) {
            read.ifPresentOrElse(
                    from -> addReader(step.node().id(), embedding, from),
                    () -> problems.add(new Problem(
                            "node '" + step.node().id() + "'",
                            "an embedding reads token ids, and its input is computed.",
                            "Let it read the model's input, whole or rearranged.")));
        } else if (layer instanceof Layer.Flatten || layer instanceof Rearrangement.Reshape) {
            read.ifPresent(from -> places.put(step.node().id(), from));
        } else if (layer instanceof Rearrangement.Transpose transpose) {
            read.ifPresent(from ->
                    put(step, from, Sources.of(transpose, step.inputShapes().get(0)), 0));
        } else if (layer instanceof Rearrangement.Slice slice) {
            read.ifPresent(
                    from -> put(step, from, Sources.of(slice, step.inputShapes().get(0)), 0));
        } else if (layer instanceof Rearrangement.Pad pad) {
            read.ifPresent(
                    from -> put(step, from, Sources.of(pad, step.inputShapes().get(0)), (float) pad.value()));
        }
    }

    /** A constant that is a whole number c is kept as the place -1 - c; any other as one that no vocabulary holds. */
    private void put(Wiring.Step step, int[] from, int[] sources, float constant) {
        boolean whole = constant >= 0 && constant < Sequence.Embedding.LARGEST_VOCABULARY && constant == (int) constant;
        int kept = whole ? -1 - (int) constant : Integer.MIN_VALUE;
        places.put(
                step.node().id(),
                Arrays.stream(sources)
                        .map(source -> source == Sources.CONSTANT ? kept : from[source])
                        .toArray());
    }

    private void addReader(String node, Sequence.Embedding layer, int[] from) {
        readers.add(new Reader(node, layer, from));
        if (Arrays.stream(from).anyMatch(place -> place < -layer.vocabulary())) {
            problems.add(new Problem(
                    "node '" + node + "'",
                    "the padding before it is not a token: " + rule(layer) + ".",
                    "Pad with such a number."));
        }
    }

    private static String rule(Sequence.Embedding layer) {
        return "a token must be a whole number from 0 to " + (layer.vocabulary() - 1);
    }

    /** What keeps the model from being run, whatever the examples. */
    List<Problem> problems() {
        return problems;
    }

    /** The first bad token of each example, of the first examples that have one. */
    List<Problem> problemsOf(Examples examples) {
        List<Problem> found = new ArrayList<>();
        if (readers.isEmpty()) {
            return found;
        }
        float[] input = new float[examples.inputShape().size()];
        int bad = 0;
        for (int row = 0; row < examples.size(); row++) {
            examples.copyInput(row, input, 0);
            Optional<Problem> problem = firstProblem(row, input);
            if (problem.isPresent() && ++bad <= MOST_ROWS) {
                found.add(problem.get());
            }
        }
        if (bad > MOST_ROWS) {
            found.add(Problem.of("", (bad - MOST_ROWS) + " more rows have such tokens."));
        }
        return found;
    }

    private Optional<Problem> firstProblem(int row, float[] input) {
        for (Reader reader : readers) {
            for (int place : reader.places()) {
                if (place >= 0 && !EmbeddingOperation.isToken(reader.layer(), input[place])) {
                    return Optional.of(Problem.of(
                            "row " + row + " (counted from 0), position " + place,
                            rule(reader.layer()) + ", which node '" + reader.node() + "' reads. Provided value: "
                                    + input[place] + "."));
                }
            }
        }
        return Optional.empty();
    }
}
