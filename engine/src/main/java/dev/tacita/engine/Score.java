package dev.tacita.engine;

import dev.tacita.core.learning.Evaluation;

/** Adds up the metrics of examples as they are seen. */
final class Score {
    private long examples;
    private double lossSum;
    private double lossSquares;
    private long correct;

    void add(double loss, boolean right) {
        examples++;
        lossSum += loss;
        lossSquares += loss * loss;
        if (right) {
            correct++;
        }
    }

    LossMoments moments() {
        return new LossMoments(examples, lossSum, lossSquares);
    }

    Evaluation evaluation() {
        return new Evaluation(examples, lossSum, correct);
    }
}
