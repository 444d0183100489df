package dev.tacita.engine;

/** The element-wise product of its inputs. */
final class MultiplyOperation extends Operation {
    MultiplyOperation(Wiring.Step step) {
        super(step);
    }

    @Override
    void forward(Tape tape) {
        float[] y = tape.value(output());
        int length = tape.length(output());
        System.arraycopy(tape.value(input()), 0, y, 0, length);
        for (int edge = 1; edge < inputs(); edge++) {
            multiply(tape.value(input(edge)), y, length);
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        int length = tape.length(output());
        System.arraycopy(tape.signal(output()), 0, to, 0, length);
        for (int other = 0; other < inputs(); other++) {
            if (other != edge) {
                multiply(tape.value(input(other)), to, length);
            }
        }
    }

    private static void multiply(float[] by, float[] values, int length) {
        for (int i = 0; i < length; i++) {
            values[i] *= by[i];
        }
    }
}
