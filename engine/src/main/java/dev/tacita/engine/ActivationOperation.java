package dev.tacita.engine;

/** An element-wise function. */
final class ActivationOperation extends Operation {
    private final Elementwise function;

    ActivationOperation(Wiring.Step step, Elementwise function) {
        super(step);
        this.function = function;
    }

    @Override
    void forward(Tape tape) {
        function.forward(tape.value(input()), tape.value(output()), tape.length(output()));
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        function.backward(tape.value(input()), tape.value(output()), tape.signal(output()), to, tape.length(output()));
    }
}
