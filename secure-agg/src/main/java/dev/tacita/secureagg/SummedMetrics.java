package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Evaluation;
import java.util.List;
import java.util.Optional;

/**
 * Metrics that are summed under the masks: a site that shares one adds it, one that does not adds nothing, and nobody can tell
 * the two apart. Sums of losses are rounded to 2^-20.
 *
 * @param training of the training examples as they were seen
 * @param validation of the model received
 * @param test of the model received: in an evaluation only
 */
public record SummedMetrics(Optional<Evaluation> training, Optional<Evaluation> validation, Optional<Evaluation> test) {
    /** For each of the three: examples, sum of losses x 2^20, how many were right; up to 1,024 sites. */
    public static final VectorSpec SPEC = new VectorSpec("metrics", 9, Modulus.TWO_64, 54);

    private static final double SCALE = 1 << 20;

    public SummedMetrics {
        requireNonNull(training, "training is null");
        requireNonNull(validation, "validation is null");
        requireNonNull(test, "test is null");
    }

    /** As a vector; what is too large for it is left out. */
    public RingVector toVector() {
        RingVector vector = RingVector.zeros(SPEC.modulus(), SPEC.length());
        List<Optional<Evaluation>> all = List.of(training, validation, test);
        for (int i = 0; i < all.size(); i++) {
            Optional<Evaluation> fitting = all.get(i).filter(SummedMetrics::fits);
            if (fitting.isPresent()) {
                vector.set(3 * i, fitting.get().examples());
                vector.set(3 * i + 1, Math.round(fitting.get().lossSum() * SCALE));
                vector.set(3 * i + 2, fitting.get().correct());
            }
        }
        return vector;
    }

    /** What a sum stands for; a part to which nobody added, or that cannot be, is not there. */
    public static SummedMetrics of(RingVector sum) {
        return new SummedMetrics(part(sum, 0), part(sum, 3), part(sum, 6));
    }

    private static boolean fits(Evaluation evaluation) {
        return evaluation.examples() <= SPEC.largest() && Math.abs(evaluation.lossSum() * SCALE) <= SPEC.largest();
    }

    private static Optional<Evaluation> part(RingVector sum, int from) {
        long examples = sum.number(from);
        long correct = sum.number(from + 2);
        return examples > 0 && correct >= 0 && correct <= examples
                ? Optional.of(new Evaluation(examples, sum.number(from + 1) / SCALE, correct))
                : Optional.empty();
    }
}
