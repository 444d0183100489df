package dev.tacita.engine;

import java.util.Optional;

/** Class indexes in targets and outputs. */
final class Classes {
    private Classes() {}

    /** The place of the largest of {@code width} values from {@code at}; the first of equal ones. */
    static int best(float[] outputs, int at, int width) {
        int best = 0;
        for (int i = 1; i < width; i++) {
            if (outputs[at + i] > outputs[at + best]) {
                best = i;
            }
        }
        return best;
    }

    /** Why this target is no class index; empty if it is one. */
    static Optional<String> problem(float target, int classes) {
        return target >= 0 && target < classes && target == (int) target
                ? Optional.empty()
                : Optional.of(
                        "the class must be a whole number from 0 to " + (classes - 1) + ". Provided value: " + target);
    }

    /** The first of {@code count} targets that is neither 0 nor 1, as a sentence. */
    static Optional<String> binaryProblem(float[] targets, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (targets[i] != 0 && targets[i] != 1) {
                return Optional.of("a target must be 0 or 1. Provided value: " + targets[i]);
            }
        }
        return Optional.empty();
    }

    /** The first of {@code count} targets that is not finite, as a sentence. */
    static Optional<String> numberProblem(float[] targets, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (!Float.isFinite(targets[i])) {
                return Optional.of("a target must be a finite number. Provided value: " + targets[i]);
            }
        }
        return Optional.empty();
    }

    /** Whether the highest logit, or a positive one for a single output, is of a target of 1. */
    static boolean isRight(float[] outputs, float[] targets, int at, int width) {
        if (width == 1) {
            return outputs[at] > 0 == targets[at] > 0;
        }
        return targets[at + best(outputs, at, width)] > 0;
    }
}
