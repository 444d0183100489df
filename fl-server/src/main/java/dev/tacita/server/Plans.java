package dev.tacita.server;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads plans, once for each run. For one thread. */
final class Plans {
    private static final int NAME_LENGTH = 50;
    /** So that it fits in one message of the journal. */
    private static final int MOST_BYTES = 256 * 1024;

    private final Map<RunId, RunPlan> plans = new HashMap<>();

    /**
     * The plan of a run that was submitted before.
     *
     * @throws ProblemsException if this version of the aggregator cannot read it
     */
    RunPlan of(RunOpened opened) {
        return plans.computeIfAbsent(opened.run(), run -> read(opened.plan()));
    }

    /**
     * The plan in this text.
     *
     * @throws ProblemsException with every problem
     */
    static RunPlan read(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new ProblemsException(
                    "plan",
                    List.of(Problem.of(
                            "", "a plan must have at most " + MOST_BYTES + " bytes. Provided value: " + bytes + ".")));
        }
        RunPlan plan = RunPlanReader.read("plan", text);
        if (plan.model().layout().size() == 0) {
            throw new ProblemsException(
                    "plan", List.of(Problem.of("model", "a model must have at least one parameter to train.")));
        }
        return plan;
    }

    /** A name for a run of this plan that no other run has: the plan's name and a number. */
    static RunId name(RunPlan plan, Set<RunId> taken) {
        String words = plan.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String head = words.substring(0, Math.min(NAME_LENGTH, words.length())).replaceAll("^-|-$", "");
        int number = 1;
        RunId name = new RunId(head.isEmpty() ? "run-1" : head + "-1");
        while (taken.contains(name)) {
            number++;
            name = new RunId((head.isEmpty() ? "run" : head) + "-" + number);
        }
        return name;
    }
}
