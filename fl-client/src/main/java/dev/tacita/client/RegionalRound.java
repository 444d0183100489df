package dev.tacita.client;

import dev.tacita.core.Problem;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork.Extent;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SharedMetrics;
import dev.tacita.wire.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A region's work in a round: rounds of its own federation, from the model of the round. */
final class RegionalRound implements SiteWork {
    private static final Logger LOG = LoggerFactory.getLogger(RegionalRound.class);

    private final SiteId site;
    private final SitePolicy policy;
    private final RegionalWork region;
    private final ModelCache models;
    private final ReentrantLock turn = new ReentrantLock();

    RegionalRound(SiteId site, SitePolicy policy, RegionalWork region, ModelCache models) {
        this.site = site;
        this.policy = policy;
        this.region = region;
        this.models = models;
    }

    /** Why a site takes no part in rounds of this algorithm, for what the site is; empty if it may. */
    static List<String> misfits(RunPlan plan, Optional<RegionalWork> region) {
        FederatedAlgorithm algorithm = plan.algorithm();
        boolean asksRegions =
                algorithm instanceof Hierarchical regional && regional.regions() instanceof Regions.Federations;
        if (region.isEmpty()) {
            return asksRegions
                    ? List.of(
                            "algorithm: the plan's sites are regions, each with a federation of its own; this site has rows"
                                    + " of its own and is none")
                    : List.of();
        }
        List<String> reasons = new ArrayList<>();
        if (asksRegions) {
            reasons.addAll(region.get().problemsWith(plan));
        } else {
            reasons.add(
                    "algorithm: this site is a region and takes part in runs of regions only; the plan's algorithm is '"
                            + algorithm.name() + "'"
                            + (algorithm instanceof Hierarchical ? ", as a part of another run" : ""));
        }
        return List.copyOf(reasons);
    }

    @Override
    public Answer answer(Judgement.Accepted accepted, AskedRound asked) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return work(accepted, asked);
        } catch (WorkFailedException e) {
            LOG.warn("{}: {}: {}", site, asked.message().place(), e.reason(), e.getCause());
            return new Answer.Failed(e.reason());
        } finally {
            turn.unlock();
        }
    }

    private Answer work(Judgement.Accepted accepted, AskedRound asked)
            throws WorkFailedException, InterruptedException {
        RunPlan plan = accepted.plan();
        RoundOpened message = asked.message();
        Optional<String> breach = new RoundJudge(policy).judge(plan, message);
        if (breach.isPresent()) {
            throw new WorkFailedException(breach.get());
        }
        RegionalTask task = new RegionalTask(
                message.place().run(), plan, message.place().round(), model(message, accepted.parameters()));
        try {
            RegionalResult result = region.work(task);
            return task.trains() ? update(accepted, task, result) : measured(plan, result);
        } catch (RegionFailedException e) {
            throw new WorkFailedException(PlanJudge.bounded(String.valueOf(e.getMessage())), e);
        } catch (NotEncodableException e) {
            throw new WorkFailedException(
                    "the region's update cannot be encoded: training has diverged, or more training examples are behind it"
                            + " than the plan allows",
                    e);
        } catch (TransportException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new WorkFailedException(
                    "the region's own rounds failed with " + e.getClass().getSimpleName(), e);
        }
    }

    private float[] model(RoundOpened message, int parameters) throws WorkFailedException, InterruptedException {
        try {
            return models.fetch(message.model(), parameters);
        } catch (RefusedMessageException e) {
            throw new WorkFailedException("the round's model is refused: " + e.getMessage());
        }
    }

    private Answer update(Judgement.Accepted accepted, RegionalTask task, RegionalResult result)
            throws WorkFailedException {
        if (result.parameters().length != task.parameters().length) {
            throw new WorkFailedException("the region's model has " + result.parameters().length
                    + " parameters; that of the round has " + task.parameters().length);
        }
        if (result.examples() < 1) {
            throw new WorkFailedException("no training examples are behind the region's model");
        }
        return LocalRound.protect(
                accepted,
                Hierarchical.update(task.parameters(), result.parameters(), result.examples())
                        .withoutClipping(),
                shared(result.metrics(), seen(accepted.plan()), result.examples()),
                OptionalDouble.empty());
    }

    private Answer measured(RunPlan plan, RegionalResult result) {
        SharedMetrics metrics = shared(result.metrics(), 1, Long.MAX_VALUE);
        return plan.protection() instanceof SecureAggregation
                ? new Answer.Hidden(LocalRound.hidden(metrics))
                : new Answer.Metrics(metrics);
    }

    /** How often the rows of a site that counts in each round are among the examples of training; of each round once, where it has no epochs. */
    private static long seen(RunPlan plan) {
        Hierarchical algorithm = (Hierarchical) plan.algorithm();
        int epochs = algorithm.base().training().extent() instanceof Extent.Epochs each ? each.count() : 1;
        return (long) epochs * algorithm.edgeRounds();
    }

    /** The policy is about rows; training counts a row each time that it is seen. */
    private SharedMetrics shared(SharedMetrics metrics, long seen, long rows) {
        Optional<Evaluation> training =
                metrics.training().filter(each -> shares(Math.min(each.examples() / seen, rows)));
        return new SharedMetrics(training, shared(metrics.validation()), shared(metrics.test()));
    }

    private Optional<Evaluation> shared(Optional<Evaluation> metrics) {
        return metrics.filter(each -> shares(each.examples()));
    }

    private boolean shares(long rows) {
        return policy.sharesMetricsOf((int) Math.min(rows, Integer.MAX_VALUE));
    }

    /** Stands where sites with rows have a trainer. */
    static final class NoTrainer implements LocalTrainer {
        @Override
        public List<Problem> problemsWith(FederatedAlgorithm algorithm) {
            return List.of();
        }

        @Override
        public LocalResult train(LocalTask task, Examples train) {
            throw new IllegalStateException("a region has no rows to train on");
        }

        @Override
        public Evaluation evaluate(LocalTask task, Examples examples) {
            throw new IllegalStateException("a region has no rows to measure on");
        }
    }
}
