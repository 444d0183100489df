package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Evaluation;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * What is known of a round.
 *
 * @param round counted from 1
 * @param asked how many sites
 * @param contributions how many of them counted
 * @param training metrics of the training examples as they were seen
 * @param tests of the new model, one for each of {@link Population#tests}; empty if the round was not measured
 * @param droppedOut how many sites that were asked did not answer
 * @param late how many missed the deadline of the {@link VirtualClock}
 * @param seconds on that clock from the start of the run to the end of the round, if the population has one
 * @param backdoors test rows of other classes with the trigger of a backdoor; correct is the class that it wants; of none
 *     if there is no backdoor, or the round was not measured
 * @param epsilon of what all rounds so far have revealed, at the plan's delta, of a site that took part in all; where single
 *     rows are hidden, at the site with the fewest rows; empty without privacy, or if the round was not measured
 * @param updateCosine the mean cosine between the updates of two sites, each pair counting as the product of their lengths,
 *     weights included; empty where regions average, and of fewer than two updates
 */
public record SimulatedRound(
        int round,
        int asked,
        int contributions,
        Evaluation training,
        List<Evaluation> tests,
        int droppedOut,
        int late,
        OptionalDouble seconds,
        Evaluation backdoors,
        OptionalDouble epsilon,
        OptionalDouble updateCosine) {
    public SimulatedRound {
        requireNonNull(seconds, "seconds is null");
        requireNonNull(backdoors, "backdoors is null");
        requireNonNull(epsilon, "epsilon is null");
        requireNonNull(updateCosine, "updateCosine is null");
        requireNonNull(training, "training is null");
        tests = List.copyOf(tests);
    }

    /** Of all test rows together; of none if the round was not measured. */
    public Evaluation pooledTest() {
        return tests.stream().reduce(Evaluation.NONE, Evaluation::plus);
    }

    /** The mean of the test sets' accuracies, each set counting alike; NaN if none has rows. */
    public double meanAccuracy() {
        return accuracies().average().orElse(Double.NaN);
    }

    /** The least of the test sets' accuracies; NaN if none has rows. */
    public double worstAccuracy() {
        return accuracies().min().orElse(Double.NaN);
    }

    /** The accuracy that a tenth of the test sets is below, between two of them in proportion; NaN if none has rows. */
    public double tenthPercentileAccuracy() {
        double[] sorted = accuracies().sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = .1 * (sorted.length - 1);
        int below = (int) place;
        return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
    }

    /** The variance of the test sets' accuracies, each set counting alike; NaN if none has rows. */
    public double varianceOfAccuracy() {
        double mean = meanAccuracy();
        return accuracies()
                .map(accuracy -> (accuracy - mean) * (accuracy - mean))
                .average()
                .orElse(Double.NaN);
    }

    private DoubleStream accuracies() {
        return tests.stream().filter(test -> test.examples() > 0).mapToDouble(Evaluation::accuracy);
    }
}
