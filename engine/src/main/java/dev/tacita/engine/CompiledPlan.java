package dev.tacita.engine;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model made ready to run on batches of up to a fixed size; every buffer exists before the first step. */
final class CompiledPlan {
    private final List<Operation> operations = new ArrayList<>();
    private final List<ParameterGroup> groups = new ArrayList<>();
    private final Wiring wiring;
    private final Tape tape;
    private final int capacity;

    /** For training. */
    CompiledPlan(ModelSpec model, int capacity, Kernels kernels) {
        this(model, new Wiring(model), capacity, kernels);
    }

    CompiledPlan(ModelSpec model, Wiring wiring, int capacity, Kernels kernels) {
        this.capacity = capacity;
        this.wiring = wiring;
        tape = new Tape(wiring, capacity);
        ParameterLayout layout = model.layout();
        for (Wiring.Step step : wiring.steps()) {
            step.node()
                    .layer()
                    .accept(new Compiler(step, layout, kernels, capacity))
                    .ifPresent(operations::add);
        }
        group();
    }

    private void group() {
        Map<Integer, List<Operation>> byOffset = new TreeMap<>();
        for (int i = operations.size() - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            if (operation.hasParameters()) {
                List<Operation> sharers =
                        byOffset.computeIfAbsent(operation.parameters().offset(), offset -> new ArrayList<>());
                if (!sharers.isEmpty()) {
                    operation.joinLaterSharers();
                }
                sharers.add(operation);
            }
        }
        byOffset.values().forEach(sharers -> groups.add(new ParameterGroup(sharers)));
    }

    Tape tape() {
        return tape;
    }

    Wiring wiring() {
        return wiring;
    }

    /** The parameters that are trained, in the order of their places. */
    List<ParameterGroup> groups() {
        return groups;
    }

    int capacity() {
        return capacity;
    }

    /** Where the values of model input {@code index} go, example after example. */
    float[] input(int index) {
        return tape.value(index);
    }

    /** Starts a task: its random draws, and the statistics that its steps gather. */
    void begin(SeedStream dropout) {
        for (Operation operation : operations) {
            if (operation instanceof DropoutOperation node) {
                node.begin(dropout);
            } else if (operation instanceof BatchNormOperation node) {
                node.begin();
            }
        }
    }

    /** Runs the first {@code batch} examples of the input and returns the output, which the next run overwrites. */
    float[] forward(float[] parameters, int batch, boolean training) {
        tape.begin(parameters, batch, training);
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).run(tape);
        }
        return tape.value(wiring.output());
    }

    /** Whether {@link Descent} can take the steps: no two operations have the same parameters. */
    boolean descends() {
        return groups.stream().allMatch(ParameterGroup::isOfOne);
    }

    /** Takes parameters to where {@link Descent} trains them; until {@link #leave} every pass has these. */
    void settle(float[] parameters) {
        operations.forEach(operation -> operation.settle(parameters));
    }

    /** Brings parameters back from where they were trained. */
    void leave(float[] parameters) {
        operations.forEach(operation -> operation.leave(parameters));
    }

    /** Moves the parameters that no optimizer moves, after its step. */
    void afterStep(float[] parameters) {
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).afterStep(parameters);
        }
    }

    /** Where the signal at the output goes before {@link #backward}. */
    float[] outputSignal() {
        tape.beginBackward();
        return tape.signal(wiring.output());
    }

    /** Lets the signal at the output travel back over the last pass. */
    void backward(BackwardRule rule) {
        for (int i = operations.size() - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            if (tape.wanted(operation.output())) {
                operation.takeSignal(tape);
            }
            rule.visit(operation, tape);
        }
    }
}
