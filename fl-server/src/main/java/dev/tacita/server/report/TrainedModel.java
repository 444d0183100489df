package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.server.report.Safetensors.Tensor;
import dev.tacita.wire.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model with its parameters, as a run left it. On disk it is a safetensors file with one float32 tensor for each
 * slot of the model's layout, by the slot's name; the file says which run, plan and round it comes from and the
 * SHA-256 of its parameters.
 */
public final class TrainedModel {
    private static final String FORMAT = "tacita-model-1";

    private final RunId run;
    private final String plan;
    private final int round;
    private final ModelSpec spec;
    private final float[] parameters;

    /**
     * A model after a round.
     *
     * @param run which run
     * @param plan name of its plan
     * @param round how many rounds of training completed, 0 for the initial model
     * @param spec what it computes
     * @param parameters its flat vector; not copied
     * @throws IllegalArgumentException unless there are as many parameters as the layout has
     */
    public TrainedModel(RunId run, String plan, int round, ModelSpec spec, float[] parameters) {
        this.run = requireNonNull(run, "run is null");
        this.plan = requireNonNull(plan, "plan is null");
        this.round = round;
        this.spec = requireNonNull(spec, "spec is null");
        this.parameters = requireNonNull(parameters, "parameters is null");
        int size = spec.layout().size();
        if (parameters.length != size) {
            throw new IllegalArgumentException(
                    "the model must have " + size + " parameters. Provided value: " + parameters.length);
        }
    }

    /**
     * Reads a file that {@link #write} wrote, and checks names, shapes and hash against the plan's model.
     *
     * @throws IOException if the file cannot be read or is no safetensors file
     * @throws ProblemsException with everything in which it is not the plan's model
     */
    public static TrainedModel read(Path file, RunPlan plan) throws IOException {
        Safetensors stored = Safetensors.read(file);
        List<Problem> problems = new ArrayList<>();
        Map<String, Tensor> found = new LinkedHashMap<>();
        stored.tensors().forEach(tensor -> found.put(tensor.name(), tensor));
        for (Slot slot : plan.model().layout().slots()) {
            Optional.ofNullable(found.remove(slot.name()))
                    .ifPresentOrElse(
                            tensor -> {
                                if (!tensor.shape().equals(slot.parameter().shape())) {
                                    problems.add(Problem.of(
                                            "tensor '" + slot.name() + "'",
                                            "its shape must be "
                                                    + slot.parameter().shape() + ". Provided value: "
                                                    + tensor.shape()));
                                }
                            },
                            () -> problems.add(Problem.of("tensor '" + slot.name() + "'", "it is missing.")));
        }
        found.keySet().forEach(name -> problems.add(Problem.of("tensor '" + name + "'", "the plan has no such one.")));
        SortedMap<String, String> about = stored.metadata();
        String format = about.getOrDefault("format", "none");
        if (!format.equals(FORMAT)) {
            problems.add(Problem.of("format", "it must be " + FORMAT + ". Provided value: " + format));
        }
        Optional<RunId> run = Optional.empty();
        int round = 0;
        try {
            run = Optional.of(new RunId(about.getOrDefault("run", "")));
            round = Integer.parseInt(about.getOrDefault("round", ""));
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of("metadata", "it must name a run and a round: " + e.getMessage()));
        }
        if (problems.isEmpty()) {
            String hash = Hashes.of(inLayoutOrder(stored, plan.model())).toString();
            if (!hash.equals(about.get("sha256"))) {
                problems.add(Problem.of(
                        "sha256", "its parameters have " + hash + ". Provided value: " + about.get("sha256")));
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException(file + " does not hold the model of plan '" + plan.name() + "'", problems);
        }
        return new TrainedModel(
                run.orElseThrow(),
                about.getOrDefault("plan", ""),
                round,
                plan.model(),
                inLayoutOrder(stored, plan.model()));
    }

    /** Writes the file, whole or not at all. */
    public void write(Path file) throws IOException {
        SortedMap<String, String> about = new TreeMap<>();
        about.put("format", FORMAT);
        about.put("run", run.value());
        about.put("plan", plan);
        about.put("round", Integer.toString(round));
        about.put("sha256", hash().toString());
        List<Tensor> tensors = spec.layout().slots().stream()
                .map(slot -> new Tensor(slot.name(), slot.parameter().shape()))
                .toList();
        new Safetensors(about, tensors, parameters).write(file);
    }

    /** Which run. */
    public RunId run() {
        return run;
    }

    /** Name of the run's plan. */
    public String plan() {
        return plan;
    }

    /** How many rounds of training completed. */
    public int round() {
        return round;
    }

    /** What it computes. */
    public ModelSpec spec() {
        return spec;
    }

    /** The flat vector, shared. */
    public float[] parameters() {
        return parameters;
    }

    /** SHA-256 of the parameters as little-endian float32. */
    public Hash hash() {
        return Hashes.of(parameters);
    }

    private static float[] inLayoutOrder(Safetensors stored, ModelSpec spec) {
        Map<String, Integer> begins = new LinkedHashMap<>();
        int offset = 0;
        for (Tensor tensor : stored.tensors()) {
            begins.put(tensor.name(), offset);
            offset += tensor.shape().size();
        }
        float[] values = new float[offset];
        for (Slot slot : spec.layout().slots()) {
            int begin = Optional.ofNullable(begins.get(slot.name())).orElseThrow();
            System.arraycopy(stored.values(), begin, values, slot.offset(), slot.length());
        }
        return values;
    }
}
