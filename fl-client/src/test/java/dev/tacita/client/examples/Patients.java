package dev.tacita.client.examples;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.model.Shape;
import java.util.SplittableRandom;

/** A dataset in memory: two measurements of each patient, and the dose that helped. */
final class Patients implements LocalDataset {
    private final Examples train;
    private final Examples test;

    Patients(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        train = draw(random, count);
        test = draw(random, count / 4);
    }

    @Override
    public Examples train() {
        return train;
    }

    @Override
    public Examples validation() {
        return ArrayExamples.none(Shape.of(2), 1);
    }

    @Override
    public Examples test() {
        return test;
    }

    private static Examples draw(SplittableRandom random, int count) {
        float[] measurements = new float[2 * count];
        float[] doses = new float[count];
        for (int i = 0; i < count; i++) {
            measurements[2 * i] = (float) random.nextGaussian();
            measurements[2 * i + 1] = (float) random.nextGaussian();
            doses[i] = 3 * measurements[2 * i] - 2 * measurements[2 * i + 1] + 1;
        }
        return new ArrayExamples(Shape.of(2), 1, measurements, doses);
    }
}
