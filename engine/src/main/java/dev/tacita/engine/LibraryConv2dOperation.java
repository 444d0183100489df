package dev.tacita.engine;

import dev.tacita.engine.kernel.Convolution;

/** Cross-correlation in groups, or with holes in the window, by kernels that know how. */
final class LibraryConv2dOperation extends Operation {
    private final Convolution convolution;
    private final int weight;

    LibraryConv2dOperation(Wiring.Step step, Convolution convolution, int parameterOffset) {
        super(step);
        this.convolution = convolution;
        weight = parameterOffset;
    }

    @Override
    void forward(Tape tape) {
        convolution.forward(tape.batch(), tape.value(input()), tape.parameters(), weight, tape.value(output()));
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        convolution.signalOfInput(tape.batch(), tape.signal(output()), tape.parameters(), weight, to);
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        convolution.collect(tape.batch(), tape.value(input()), tape.signal(output()), gradient, weight);
    }
}
