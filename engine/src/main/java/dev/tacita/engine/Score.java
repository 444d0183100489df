package dev.tacita.engine;

import dev.tacita.core.learning.Evaluation;

/** Adds up the metrics of examples as they are seen. */
final class Score {
    private long examples;
    private double lossSum;
    private long correct;

    void add(double loss, boolean right) {
        examples++;
        lossSum += loss;
        if (right) {
            correct++;
        }
    }

    Evaluation evaluation() {
        return new Evaluation(examples, lossSum, correct);
    }
}
