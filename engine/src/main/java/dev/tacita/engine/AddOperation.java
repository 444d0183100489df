package dev.tacita.engine;

/** The element-wise sum of its inputs. */
final class AddOperation extends Operation {
    AddOperation(Wiring.Step step) {
        super(step);
    }

    @Override
    void forward(Tape tape) {
        float[] y = tape.value(output());
        int length = tape.length(output());
        System.arraycopy(tape.value(input()), 0, y, 0, length);
        for (int edge = 1; edge < inputs(); edge++) {
            add(tape.value(input(edge)), y, length);
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        System.arraycopy(tape.signal(output()), 0, to, 0, tape.length(output()));
    }
}
