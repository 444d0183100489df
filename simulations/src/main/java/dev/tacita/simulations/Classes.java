package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** Which classes a model tells apart. */
final class Classes {
    private Classes() {}

    /** How many: two of a single output; 0 if targets are no class indexes. */
    static int count(ModelSpec model, Loss loss) {
        int outputs = model.outputShape().size();
        if (!loss.classifies() || loss.targets(outputs) != 1) {
            return 0;
        }
        return Math.max(2, outputs);
    }

    /** Why something that needs these classes cannot be done; empty if it can. */
    static List<Problem> problems(String what, ModelSpec model, Loss loss, int... wanted) {
        int count = count(model, loss);
        if (count == 0) {
            return List.of(Problem.of(
                    what, "it needs targets that are class indexes, and " + loss.name() + " has others here."));
        }
        List<Problem> problems = new ArrayList<>();
        for (int each : wanted) {
            if (each >= count) {
                problems.add(Problem.of(
                        what,
                        "a class must be below the number of classes, " + count + ". Provided value: " + each + "."));
            }
        }
        return problems;
    }
}
