package dev.tacita.engine;

import dev.tacita.core.model.Shape;
import dev.tacita.engine.kernel.Kernels;
import dev.tacita.engine.kernel.ResidentWeight;
import java.util.Optional;

/** y = x W^T + b, for each vector, or for each step of each sequence. */
final class DenseOperation extends Operation {
    private final Kernels kernels;
    private final int steps;
    private final int features;
    private final int units;
    private final int weight;
    private final int bias;
    private final boolean hasBias;
    private final StepNorms norms;
    private final int capacity;
    private Optional<ResidentWeight> resident = Optional.empty();
    private boolean settled;

    DenseOperation(Wiring.Step step, Kernels kernels, int parameterOffset, boolean hasBias, int capacity) {
        super(step);
        this.capacity = capacity;
        this.kernels = kernels;
        this.hasBias = hasBias;
        Shape output = step.outputShape();
        units = output.dimension(output.rank() - 1);
        steps = output.size() / units;
        features = step.inputShapes().get(0).size() / steps;
        weight = parameterOffset;
        bias = parameterOffset + units * features;
        norms = new StepNorms(kernels, steps, units, features, hasBias);
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        float[] w = tape.parameters();
        int rows = tape.batch() * steps;
        if (settled) {
            resident.orElseThrow().forward(rows, x, y);
        } else {
            kernels.multiply(false, true, rows, units, features, x, 0, w, weight, false, y, 0);
        }
        if (hasBias) {
            Rows.add(w, bias, y, 0, rows, units);
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        kernels.multiply(
                false,
                false,
                tape.batch() * steps,
                features,
                units,
                tape.signal(output()),
                0,
                tape.parameters(),
                weight,
                false,
                to,
                0);
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        float[] signal = tape.signal(output());
        int rows = tape.batch() * steps;
        kernels.multiply(
                true, false, units, features, rows, signal, 0, tape.value(input()), 0, false, gradient, weight);
        if (hasBias) {
            Rows.sum(signal, 0, rows, units, gradient, bias);
        }
    }

    @Override
    void settle(float[] parameters) {
        if (resident.isEmpty()) {
            resident = kernels.residentWeight(units, features, capacity * steps);
        }
        if (resident.isPresent() && hasParameters()) {
            resident.get().load(parameters, weight);
            settled = true;
        }
    }

    @Override
    void leave(float[] parameters) {
        if (settled) {
            resident.orElseThrow().store(parameters, weight);
            settled = false;
        }
    }

    @Override
    void descend(Tape tape, float[] gradient, float rate) {
        if (!settled) {
            super.descend(tape, gradient, rate);
            return;
        }
        float[] signal = tape.signal(output());
        int rows = tape.batch() * steps;
        boolean wanted = tape.wanted(input());
        float[] to = accumulates() ? tape.scratch() : tape.signal(input());
        resident.orElseThrow().descend(rows, signal, rate, wanted ? Optional.of(to) : Optional.empty());
        if (wanted && accumulates()) {
            add(to, tape.signal(input()), tape.length(input()));
        }
        if (hasBias) {
            Rows.sum(signal, 0, rows, units, gradient, bias);
            step(tape.parameters(), gradient, bias, units, rate);
        }
    }

    @Override
    void addSquaredNorms(Tape tape, double[] squares) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        for (int example = 0; example < tape.batch(); example++) {
            int step = example * steps;
            squares[example] += norms.squared(signal, step * units, x, step * features);
        }
    }
}
