package dev.tacita.engine.kernel;

import java.util.Random;

/** Random numbers to test with. */
public final class Draws {
    private Draws() {}

    /** Numbers from -1 to 1. */
    public static float[] uniform(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }
}
