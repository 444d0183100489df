package dev.tacita.engine;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.engine.kernel.Kernels;
import java.util.ArrayDeque;
import java.util.Deque;

/** The plans that were used last, so that the next call finds its buffers made. */
final class PlanShelf {
    private static final int PLANS_KEPT = 3;

    private record KeptPlan(ModelSpec model, CompiledPlan plan) {}

    private final Kernels kernels;
    private final Deque<KeptPlan> plans = new ArrayDeque<>();

    PlanShelf(Kernels kernels) {
        this.kernels = kernels;
    }

    /** A plan for training; whoever had it before has it no more. */
    CompiledPlan plan(ModelSpec model, int capacity) {
        for (KeptPlan kept : plans) {
            if (kept.plan().capacity() == capacity && kept.model().equals(model)) {
                plans.remove(kept);
                plans.addFirst(kept);
                return kept.plan();
            }
        }
        while (plans.size() >= PLANS_KEPT) {
            plans.removeLast();
        }
        CompiledPlan plan = new CompiledPlan(model, capacity, kernels);
        plans.addFirst(new KeptPlan(model, plan));
        return plan;
    }
}
