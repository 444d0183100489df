package dev.tacita.dl4j;

import dev.tacita.core.model.ParameterLayout.Slot;

/** How the numbers of one parameter lie in DL4J's vector, compared with ours. */
enum Arrangement {
    /** In the same order. DL4J's (inputs, outputs) by columns is our (outputs, inputs) by rows. */
    SAME {
        @Override
        void toOurs(float[] theirs, int from, float[] ours, Slot slot) {
            System.arraycopy(theirs, from, ours, slot.offset(), slot.length());
        }

        @Override
        void toTheirs(float[] ours, Slot slot, float[] theirs, int from) {
            System.arraycopy(ours, slot.offset(), theirs, from, slot.length());
        }
    },

    /** By columns where ours lies by rows. */
    BY_COLUMNS {
        @Override
        void toOurs(float[] theirs, int from, float[] ours, Slot slot) {
            int columns = columns(slot);
            int rows = slot.length() / columns;
            for (int i = 0; i < slot.length(); i++) {
                ours[slot.offset() + i] = theirs[from + i % columns * rows + i / columns];
            }
        }

        @Override
        void toTheirs(float[] ours, Slot slot, float[] theirs, int from) {
            int columns = columns(slot);
            int rows = slot.length() / columns;
            for (int i = 0; i < slot.length(); i++) {
                theirs[from + i % columns * rows + i / columns] = ours[slot.offset() + i];
            }
        }

        private int columns(Slot slot) {
            return slot.parameter().shape().dimension(1);
        }
    },

    /** The four gates of an LSTM: theirs are the candidate, forget, output, input; ours input, forget, candidate, output. */
    GATES {
        @Override
        void toOurs(float[] theirs, int from, float[] ours, Slot slot) {
            int length = slot.length() / THEIR_GATES.length;
            for (int gate = 0; gate < THEIR_GATES.length; gate++) {
                System.arraycopy(
                        theirs, from + THEIR_GATES[gate] * length, ours, slot.offset() + gate * length, length);
            }
        }

        @Override
        void toTheirs(float[] ours, Slot slot, float[] theirs, int from) {
            int length = slot.length() / THEIR_GATES.length;
            for (int gate = 0; gate < THEIR_GATES.length; gate++) {
                for (int i = 0; i < length; i++) {
                    theirs[from + THEIR_GATES[gate] * length + i] += ours[slot.offset() + gate * length + i];
                }
            }
        }
    },

    /** The second of our two biases of an LSTM, which DL4J has as one: it is zero, and is added to theirs. */
    GATES_AGAIN {
        @Override
        void toOurs(float[] theirs, int from, float[] ours, Slot slot) {}

        @Override
        void toTheirs(float[] ours, Slot slot, float[] theirs, int from) {
            GATES.toTheirs(ours, slot, theirs, from);
        }
    },

    /** The decimal logarithm of the standard deviation where ours is the variance. */
    LOG_DEVIATION {
        @Override
        void toOurs(float[] theirs, int from, float[] ours, Slot slot) {
            for (int i = 0; i < slot.length(); i++) {
                ours[slot.offset() + i] = (float) Math.pow(10, 2.0 * theirs[from + i]);
            }
        }

        @Override
        void toTheirs(float[] ours, Slot slot, float[] theirs, int from) {
            for (int i = 0; i < slot.length(); i++) {
                theirs[from + i] = (float) (Math.log10(ours[slot.offset() + i]) / 2);
            }
        }
    };

    private static final int[] THEIR_GATES = {3, 1, 0, 2};

    abstract void toOurs(float[] theirs, int from, float[] ours, Slot slot);

    abstract void toTheirs(float[] ours, Slot slot, float[] theirs, int from);
}
