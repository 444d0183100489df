package dev.tacita.engine;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.engine.kernel.BlasKernels;
import dev.tacita.engine.kernel.Kernels;
import dev.tacita.engine.kernel.NativeArithmeticException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a model's output does when its inputs, or the values of its nodes, change: gradients of outputs with respect to
 * places of the graph, for each example of a batch, at given parameters. The model runs as in evaluation: dropout leaves
 * everything as it is. Arrays hold one example after the other, row-major.
 *
 * <p>The buffers are made once. An instance belongs to one thread at a time.
 */
public final class Gradients {
    private static final BackwardRule SIGNALS = Operation::propagate;

    private final List<Input> inputs;
    private final Set<String> places;
    private final CompiledPlan plan;
    private final int outputSize;
    private int batch;
    private boolean complete;

    /**
     * Makes ready, with the fastest kernels that this machine can run.
     *
     * @param places ids of the inputs and nodes at which gradients will be asked for
     * @param capacity most examples of a batch, at least 1
     * @throws ProblemsException if a place is not in the model, or the output does not depend on it
     * @throws NativeArithmeticException if the native library's products are wrong on this processor
     */
    public Gradients(ModelSpec model, Set<String> places, int capacity) {
        this(model, places, capacity, BlasKernels.createOrFallBack());
    }

    /** As the other constructor, with these kernels, which it takes for itself. */
    public Gradients(ModelSpec model, Set<String> places, int capacity, Kernels kernels) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be >= 1. Provided value: " + capacity);
        }
        inputs = model.inputs();
        this.places = Set.copyOf(places);
        List<Problem> problems = new ArrayList<>(MemoryBudget.problems(model));
        this.places.stream()
                .sorted()
                .filter(place -> !model.shapes().containsKey(place))
                .forEach(place -> problems.add(Problem.of("place '" + place + "'", "no input or node has this name.")));
        throwAny(problems);
        Wiring wiring = new Wiring(model, this.places);
        this.places.stream()
                .sorted()
                .filter(place -> !wiring.feedsTheOutput(wiring.slot(place)))
                .forEach(place ->
                        problems.add(Problem.of("place '" + place + "'", "the output does not depend on this place.")));
        throwAny(problems);
        plan = new CompiledPlan(model, wiring, capacity, kernels);
        outputSize = model.outputShape().size();
    }

    private static void throwAny(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new ProblemsException("the places for gradients", problems);
        }
    }

    /**
     * Runs the model and returns a copy of its outputs.
     *
     * @param parameters one value for each of the model's
     * @param values for each input of the model, in their order, those of all examples
     * @param count examples, 1 to the capacity
     */
    public float[] forward(float[] parameters, List<float[]> values, int count) {
        if (values.size() != inputs.size()) {
            throw new IllegalArgumentException(
                    "the model has " + inputs.size() + " inputs. Provided value: " + values.size());
        }
        checkLength("parameters", parameters, plan.wiring().parameterCount());
        if (count < 1 || count > plan.capacity()) {
            throw new IllegalArgumentException("count must be 1 to " + plan.capacity() + ". Provided value: " + count);
        }
        for (int i = 0; i < inputs.size(); i++) {
            int length = count * inputs.get(i).shape().size();
            checkLength("input '" + inputs.get(i).id() + "'", values.get(i), length);
            System.arraycopy(values.get(i), 0, plan.input(i), 0, length);
        }
        batch = count;
        complete = false;
        return Arrays.copyOf(plan.forward(parameters, count, false), count * outputSize);
    }

    /** Lets the gradient of one element of each example's output travel back over the last forward run. */
    public void backward(int element) {
        if (element < 0 || element >= outputSize) {
            throw new IndexOutOfBoundsException(
                    "element must be 0 to " + (outputSize - 1) + ". Provided value: " + element);
        }
        float[] signal = outputSignal();
        Arrays.fill(signal, 0, batch * outputSize, 0f);
        for (int example = 0; example < batch; example++) {
            signal[example * outputSize + element] = 1;
        }
        propagate();
    }

    /**
     * As {@link #backward(int)}, for a weighted sum of the elements of each example's output.
     *
     * @param weights those of all examples
     */
    public void backward(float[] weights) {
        float[] signal = outputSignal();
        checkLength("weights", weights, batch * outputSize);
        System.arraycopy(weights, 0, signal, 0, weights.length);
        propagate();
    }

    private float[] outputSignal() {
        if (batch == 0) {
            throw new IllegalStateException("there is no way back before a forward run");
        }
        return plan.outputSignal();
    }

    private void propagate() {
        plan.backward(SIGNALS);
        complete = true;
    }

    /** A copy of what the last forward run had at one of the places. */
    public float[] value(String place) {
        return copy(place, plan.tape().value(slot(place)), batch > 0);
    }

    /** A copy of the gradient with respect to the value at one of the places. */
    public float[] gradient(String place) {
        return copy(place, plan.tape().signal(slot(place)), complete);
    }

    private int slot(String place) {
        if (!places.contains(place)) {
            throw new IllegalArgumentException("place must be one of " + places + ". Provided value: " + place);
        }
        return plan.wiring().slot(place);
    }

    private float[] copy(String place, float[] from, boolean ready) {
        if (!ready) {
            throw new IllegalStateException("nothing has been computed for place '" + place + "' yet");
        }
        return Arrays.copyOf(from, plan.tape().length(slot(place)));
    }

    private static void checkLength(String name, float[] values, int length) {
        if (values.length != length) {
            throw new IllegalArgumentException(
                    name + " must have " + length + " values. Provided value: " + values.length);
        }
    }
}
