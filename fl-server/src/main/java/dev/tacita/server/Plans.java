package dev.tacita.server;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    private static final long MOST_PARAMETERS = (long) Tensors.MAX_CHUNKS * TensorHeader.CHUNK_BYTES / Float.BYTES;
    /** 8 the sum, 8 its mean. */
    private static final long BYTES_PER_SUMMED = 16;
    /** 4 each the old and the new model, 4 the frames that carry it. */
    private static final long BYTES_PER_PARAMETER = 12;
    /** 4 each the old and the new number, 4 the frames that carry it. */
    private static final long BYTES_PER_REMEMBERED = 12;
    /** Code, messages under way, the broker client's own buffers. */
    private static final long BYTES_BESIDE = 64L << 20;

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

    /**
     * The plan in this text, if this aggregator can run it too.
     *
     * @param heap bytes that this JVM may use
     * @param secure whether it can add under secure aggregation
     * @throws ProblemsException with every problem
     */
    static RunPlan submitted(String text, long heap, boolean secure) {
        RunPlan plan = read(text);
        List<Problem> problems = new ArrayList<>();
        if (plan.quorum() > Cohorts.MOST_SITES) {
            problems.add(Problem.of(
                    "quorum",
                    "a round asks at most " + Cohorts.MOST_SITES + " sites, and its quorum must be of them. Provided"
                            + " value: " + plan.quorum() + "."));
        }
        if (!(plan.algorithm() instanceof FedBuff)
                && Math.round(plan.cohortFraction() * plan.sites()) > Cohorts.MOST_SITES) {
            problems.add(new Problem(
                    "cohort-fraction",
                    "a round asks at most " + Cohorts.MOST_SITES + " sites. Provided value: " + plan.cohortFraction()
                            + " of at least " + plan.sites() + ".",
                    "Ask for a smaller fraction."));
        }
        if (plan.algorithm() instanceof FedBuff fedBuff && fedBuff.concurrency() > Cohorts.MOST_SITES) {
            problems.add(Problem.of(
                    "algorithm",
                    "at most " + Cohorts.MOST_SITES + " sites can be at work together. Provided value of concurrency: "
                            + fedBuff.concurrency() + "."));
        }
        if (plan.protection().kind() == Protection.SECURE_AGGREGATION && !secure) {
            problems.add(new Problem(
                    "protection",
                    "this aggregator has no key and no trusted keys of sites for secure aggregation.",
                    "Give 'keys' in its configuration."));
        }
        int size = plan.model().layout().size();
        if (size > MOST_PARAMETERS) {
            problems.add(Problem.of(
                    "model",
                    "a model must have at most " + MOST_PARAMETERS + " parameters, to be announced in one message."
                            + " Provided value: " + size + "."));
        }
        long remembered = plan.algorithm().memorySize(size);
        long shared = plan.algorithm().sharedSize(size);
        long contribution = contribution(plan, size);
        if (size <= MOST_PARAMETERS && contribution > MOST_PARAMETERS) {
            problems.add(Problem.of(
                    "algorithm",
                    "a site must send at most " + MOST_PARAMETERS
                            + " numbers, to be announced in one message. Provided value: " + contribution + "."));
        }
        if (size <= MOST_PARAMETERS && remembered > MOST_PARAMETERS) {
            problems.add(Problem.of(
                    "algorithm",
                    "an algorithm must remember at most " + MOST_PARAMETERS
                            + " numbers, to be announced in one message." + " Provided value: " + remembered + "."));
        }
        long needed = BYTES_PER_PARAMETER * size
                + bytesPerSummed(plan) * contribution
                + BYTES_PER_REMEMBERED * (remembered + shared)
                + BYTES_BESIDE;
        if (needed > heap) {
            problems.add(new Problem(
                    "model",
                    "the sum, its mean and the models of a round must fit in the aggregator's heap of "
                            + megabytes(heap) + " MB; " + size + " parameters need " + megabytes(needed) + " MB.",
                    "Start the aggregator with -Xmx" + megabytes(needed) + "m or more, or train a smaller model."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("plan", problems);
        }
        return plan;
    }

    /** Under secure aggregation a contribution is put together whole, each while it arrives, and then read. */
    private static long bytesPerSummed(RunPlan plan) {
        return plan.protection() instanceof SecureAggregation protection
                ? BYTES_PER_SUMMED + (long) protection.modulusBits() / Byte.SIZE * (plan.plannedCohort() + 3)
                : BYTES_PER_SUMMED;
    }

    private static long contribution(RunPlan plan, int parameters) {
        try {
            return plan.algorithm().contributionSize(parameters);
        } catch (ArithmeticException e) {
            return Integer.MAX_VALUE;
        }
    }

    private static long megabytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
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
