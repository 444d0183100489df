package dev.tacita.client;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Parameter;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.dp.plan.RunLedger;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a plan as a site does: trusting nothing in it, refusing what the site does not know. */
final class PlanJudge {
    private static final Logger LOG = LoggerFactory.getLogger(PlanJudge.class);
    private static final int MOST_REASONS = 20;
    private static final int LONGEST_REASON = 1_000;
    /** The model received, its copy, the update, its gradient, and as much again for examples on their way. */
    private static final int BYTES_PER_PARAMETER = 32;

    private final SitePolicy policy;
    private final boolean hasKeys;
    private final Map<String, OfferedDataset> datasets;
    private final LocalTrainer trainer;
    private final PrivateTraining privately;
    private final Optional<RunLedger> ledger;
    private final Optional<RegionalWork> region;
    private final long mostParameters;

    PlanJudge(
            SitePolicy policy,
            boolean hasKeys,
            Map<String, OfferedDataset> datasets,
            LocalTrainer trainer,
            PrivateTraining privately,
            Optional<RunLedger> ledger,
            Optional<RegionalWork> region) {
        this(
                policy,
                hasKeys,
                datasets,
                trainer,
                privately,
                ledger,
                region,
                Runtime.getRuntime().maxMemory() / BYTES_PER_PARAMETER);
    }

    PlanJudge(
            SitePolicy policy,
            boolean hasKeys,
            Map<String, OfferedDataset> datasets,
            LocalTrainer trainer,
            PrivateTraining privately,
            Optional<RunLedger> ledger,
            Optional<RegionalWork> region,
            long mostParameters) {
        this.policy = policy;
        this.hasKeys = hasKeys;
        this.datasets = Map.copyOf(datasets);
        this.trainer = trainer;
        this.privately = privately;
        this.ledger = ledger;
        this.region = region;
        this.mostParameters = mostParameters;
    }

    /** What the site makes of a plan; one that breaks what judges it is refused, and breaks nothing else. */
    Judgement judge(RunId run, String text) {
        try {
            return judged(run, text);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            LOG.error("run {}: its plan cannot be judged, so it is refused", run, e);
            return refused(List.of("the plan cannot be judged: " + e.getClass().getSimpleName()));
        }
    }

    private Judgement judged(RunId run, String text) {
        RunPlan plan;
        try {
            plan = RunPlanReader.read(run + ".yaml", text);
        } catch (ProblemsException e) {
            return refused(e.problems().stream()
                    .map(problem -> "the plan cannot be read: " + problem)
                    .toList());
        }
        List<String> reasons = new ArrayList<>(policy.judge(plan));
        reasons.addAll(RegionalRound.misfits(plan, region));
        if (plan.protection() instanceof SecureAggregation secure) {
            reasons.addAll(misfits(plan, secure));
        }
        long parameters = parameters(plan);
        if (parameters < 1 || parameters > mostParameters) {
            reasons.add("the model must have 1 to " + mostParameters
                    + " parameters to fit in the agent's memory; the plan's has " + parameters);
        }
        long more = beside(plan, parameters);
        if (parameters <= mostParameters && parameters + more > mostParameters) {
            reasons.add("what the plan's algorithm sends, receives and keeps beside the model must be at most "
                    + (mostParameters - parameters) + " numbers to fit in the agent's memory; it is " + more);
        }
        boolean keepsLoss = Optional.ofNullable(datasets.get(plan.dataset()))
                .filter(dataset ->
                        !policy.sharesMetricsOf(dataset.data().train().size()))
                .isPresent();
        if (plan.algorithm().sendsLoss() && keepsLoss) {
            reasons.add("share-metrics: the policy keeps the training loss here; the plan's algorithm, '"
                    + plan.algorithm().name() + "', makes it part of what a site sends");
        }
        long values = values(plan);
        if (values > mostParameters) {
            reasons.add("the model must have at most " + mostParameters
                    + " values for each example to fit in the agent's memory; the plan's has " + values);
        }
        trainer.problemsWith(plan.model(), plan.loss())
                .forEach(problem -> reasons.add("the model cannot be trained here: " + problem));
        trainer.problemsWith(plan.algorithm())
                .forEach(problem -> reasons.add("the algorithm cannot be done here: " + problem));
        Optional.ofNullable(datasets.get(plan.dataset()))
                .ifPresent(
                        dataset -> reasons.addAll(misfits(plan, dataset.data().train())));
        reasons.addAll(privately.problemsWith(plan));
        boolean mixed = Optional.ofNullable(datasets.get(plan.dataset()))
                .filter(dataset -> !dataset.data().keepsRowsApart())
                .isPresent();
        if (plan.privacy().level() == PrivacyLevel.EXAMPLES && mixed) {
            reasons.add(
                    "privacy: the plan hides single rows, but in dataset '" + plan.dataset()
                            + "' rows scale or complete"
                            + " each other; give mean and deviation of each number in the schema, and drop rows with missing cells");
        }
        int examples = Optional.ofNullable(datasets.get(plan.dataset()))
                .map(dataset -> dataset.data().train().size())
                .orElse(0);
        List<String> tooMuch = policy.privacy().judge(plan, examples);
        reasons.addAll(tooMuch);
        Optional<PlannedPrivacy> planned =
                tooMuch.isEmpty() && examples > 0 ? PlannedPrivacy.of(plan, examples) : Optional.empty();
        planned.ifPresent(each -> reasons.addAll(PrivateTraining.problemsWith(plan, each)));
        if (reasons.isEmpty()) {
            planned.flatMap(each -> ledger.flatMap(entries -> entries.judge(run, plan, each)))
                    .ifPresent(reason -> reasons.add("of-datasets: " + reason));
        }
        return reasons.isEmpty()
                ? new Judgement.Accepted(plan, (int) parameters, sha256(text), planned)
                : refused(reasons);
    }

    private List<String> misfits(RunPlan plan, SecureAggregation secure) {
        List<String> reasons = new ArrayList<>();
        if (!hasKeys) {
            reasons.add("protection: this site has no key of its own, or none that it trusts, for secure aggregation");
        }
        boolean tooLarge = Optional.ofNullable(datasets.get(plan.dataset()))
                .map(dataset -> plan.weight(dataset.data().train().size()))
                .filter(weight -> weight > secure.quantization().maxWeight())
                .isPresent();
        if (tooLarge) {
            reasons.add("protection: the plan's largest-weight is "
                    + secure.quantization().maxWeight() + "; this site has more training examples in dataset '"
                    + plan.dataset() + "'");
        }
        return reasons;
    }

    private static Hash sha256(String text) {
        return Tensors.sha256(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static long parameters(RunPlan plan) {
        try {
            long sum = 0;
            for (ParameterLayout.Slot slot : plan.model().layout().slots()) {
                Parameter parameter = slot.parameter();
                sum += parameter.shape().size();
            }
            return sum;
        } catch (ArithmeticException | IllegalArgumentException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Numbers; twice those that are kept, as there are those before a round and those after. */
    private static long beside(RunPlan plan, long parameters) {
        FederatedAlgorithm algorithm = plan.algorithm();
        try {
            int size = Math.toIntExact(parameters);
            return (long) algorithm.contributionSize(size)
                    - size
                    + algorithm.sharedSize(size)
                    + 2L * algorithm.siteMemorySize(size);
        } catch (ArithmeticException e) {
            return Integer.MAX_VALUE;
        }
    }

    private static long values(RunPlan plan) {
        return plan.model().shapes().values().stream().mapToLong(Shape::size).sum();
    }

    private static List<String> misfits(RunPlan plan, Examples examples) {
        List<String> reasons = new ArrayList<>();
        List<Shape> inputs =
                plan.model().inputs().stream().map(input -> input.shape()).toList();
        if (!inputs.equals(List.of(examples.inputShape()))) {
            reasons.add("dataset '" + plan.dataset() + "' has one input of shape " + examples.inputShape()
                    + "; the plan's model takes " + inputs);
        }
        int outputs = plan.model().outputShape().size();
        int targets = plan.loss().targets(outputs);
        if (examples.targetSize() != targets) {
            reasons.add("dataset '" + plan.dataset() + "' has " + examples.targetSize()
                    + " target values for each example; the plan's model and loss take " + targets);
        }
        return reasons;
    }

    private static Judgement refused(List<String> reasons) {
        List<String> bounded = new ArrayList<>();
        for (String reason : reasons.subList(0, Math.min(reasons.size(), MOST_REASONS))) {
            bounded.add(bounded(reason));
        }
        if (reasons.size() > MOST_REASONS) {
            bounded.add("and " + (reasons.size() - MOST_REASONS) + " reasons more");
        }
        return new Judgement.Refused(List.copyOf(bounded));
    }

    /** As a sentence that a message can carry. */
    static String bounded(String reason) {
        String line = reason.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
        return line.length() > LONGEST_REASON ? shortened(line) : line;
    }

    private static String shortened(String line) {
        int end = Character.isHighSurrogate(line.charAt(LONGEST_REASON - 1)) ? LONGEST_REASON - 1 : LONGEST_REASON;
        return line.substring(0, end) + "...";
    }
}
