package dev.tacita.dl4j;

import dev.tacita.core.model.Shape;
import java.util.List;

/** What a layer or preprocessor becomes once the shape of its input is known. */
@FunctionalInterface
interface Reading {
    /** @throws IllegalArgumentException if it does not take such an input; the message is one sentence for a user */
    List<Step> steps(Shape input);

    static Reading of(Step step) {
        return shape -> List.of(step);
    }

    /** With its parameters frozen. */
    default Reading asFrozen() {
        return shape -> steps(shape).stream()
                .map(step -> step.parts().isEmpty() ? step : step.asFrozen())
                .toList();
    }

    /** The number DL4J states must be the input's: else the parameters would lie elsewhere. */
    static void check(String what, long stated, int actual) {
        if (stated != actual) {
            throw new IllegalArgumentException("it states " + stated + " " + what + " where its input has " + actual);
        }
    }
}
