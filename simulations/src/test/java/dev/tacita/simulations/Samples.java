package dev.tacita.simulations;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.model.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Rows that classes can be told from. */
final class Samples {
    static final int WIDTH = 5;

    private Samples() {}

    /** Class i % classes around a centre of its own. */
    static ArrayExamples rows(int count, int classes, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        float[] inputs = new float[count * WIDTH];
        float[] targets = new float[count];
        for (int i = 0; i < count; i++) {
            targets[i] = i % classes;
            for (int j = 0; j < WIDTH; j++) {
                double centre = j == i % classes % WIDTH ? 2 : 0;
                inputs[i * WIDTH + j] = (float) (centre + random.nextGaussian());
            }
        }
        return new ArrayExamples(Shape.of(WIDTH), 1, inputs, targets);
    }

    static Examples shuffled(Examples rows, long seed) {
        return rows.select(Dealing.shuffled(rows.size(), new SplittableRandom(seed)));
    }

    /** All of a row's numbers, so that rows can be compared. */
    static String text(Examples rows, int index) {
        float[] values = new float[WIDTH + 1];
        rows.copyInput(index, values, 0);
        rows.copyTarget(index, values, WIDTH);
        return Arrays.toString(values);
    }

    static String text(Examples rows) {
        return IntStream.range(0, rows.size())
                .mapToObj(i -> text(rows, i))
                .toList()
                .toString();
    }

    static LocalDataset dataset(Examples train, Examples test) {
        return new LocalDataset() {
            @Override
            public Examples train() {
                return train;
            }

            @Override
            public Examples validation() {
                return ArrayExamples.none(Shape.of(WIDTH), 1);
            }

            @Override
            public Examples test() {
                return test;
            }
        };
    }
}
