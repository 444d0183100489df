package dev.tacita.client;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.ledger.BudgetExceededException;
import dev.tacita.secureagg.Contribution;
import dev.tacita.secureagg.PlannedTerms;
import dev.tacita.secureagg.RoundingBits;
import dev.tacita.secureagg.SummedMetrics;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SharedMetrics;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's work in a round: the model, the training, and what may be said of it. The same round gives the same bits at
 * each attempt, unless its plan adds noise: then it is answered again with what was kept, or with new noise that counts. Does one after the other, so that a trainer belongs to one thread at a time.
 */
final class LocalRound {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRound.class);

    private final SiteId site;
    private final SitePolicy policy;
    private final RoundJudge rounds;
    private final Map<String, OfferedDataset> datasets;
    private final LocalTrainer trainer;
    private final PrivateTraining privately;
    private final ModelCache models;
    private final ReentrantLock turn = new ReentrantLock();

    LocalRound(
            SiteId site,
            SitePolicy policy,
            Map<String, OfferedDataset> datasets,
            LocalTrainer trainer,
            PrivateTraining privately,
            ModelCache models) {
        this.site = site;
        this.policy = policy;
        this.rounds = new RoundJudge(policy);
        this.datasets = Map.copyOf(datasets);
        this.trainer = trainer;
        this.privately = privately;
        this.models = models;
    }

    /**
     * The answer; whatever the trainer or the aggregator did wrong is a {@link Answer.Failed}.
     *
     * @throws dev.tacita.wire.TransportException if the model cannot be read
     * @throws InterruptedException if the thread is interrupted before the end
     */
    Answer answer(Judgement.Accepted accepted, RoundOpened asked) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return work(accepted, asked);
        } catch (BudgetExceededException e) {
            return new Answer.Refused("of-datasets: " + e.getMessage());
        } catch (WorkFailedException e) {
            LOG.warn("{}: {}: {}", site, asked.place(), e.reason(), e.getCause());
            return new Answer.Failed(e.reason());
        } finally {
            turn.unlock();
        }
    }

    private Answer work(Judgement.Accepted accepted, RoundOpened asked)
            throws WorkFailedException, InterruptedException {
        RunPlan plan = accepted.plan();
        Optional<String> breach = rounds.judge(plan, asked);
        if (breach.isPresent()) {
            throw new WorkFailedException(breach.get());
        }
        LocalDataset data = Optional.ofNullable(datasets.get(plan.dataset()))
                .orElseThrow(() -> new WorkFailedException("the site has no dataset '" + plan.dataset() + "'"))
                .data();
        int round = asked.place().round();
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("round")
                .derive(round)
                .derive("site")
                .derive(site.value());
        float[] parameters = parameters(accepted, asked);
        try {
            LocalWork work = asked.purpose() == Purpose.EVALUATE
                    ? new LocalWork.Evaluate()
                    : plan.algorithm().work(round);
            LocalTask task = new LocalTask(plan.model(), plan.loss(), work, parameters, seeds);
            return work instanceof LocalWork.Evaluate ? evaluate(plan, task, data) : train(accepted, asked, task, data);
        } catch (BudgetExceededException e) {
            throw e;
        } catch (NotEncodableException e) {
            throw new WorkFailedException(
                    "the update cannot be encoded: training has diverged, or needs a smaller learning rate", e);
        } catch (RuntimeException | Error e) {
            throw new WorkFailedException("training failed with " + e.getClass().getSimpleName(), e);
        }
    }

    private float[] parameters(Judgement.Accepted accepted, RoundOpened asked)
            throws WorkFailedException, InterruptedException {
        try {
            return models.fetch(asked.model(), accepted.parameters());
        } catch (RefusedMessageException e) {
            throw new WorkFailedException("the round's model is refused: " + e.getMessage());
        }
    }

    private Answer evaluate(RunPlan plan, LocalTask task, LocalDataset data) throws InterruptedException {
        SharedMetrics metrics =
                new SharedMetrics(Optional.empty(), measured(task, data.validation()), measured(task, data.test()));
        return plan.protection() instanceof SecureAggregation
                ? new Answer.Hidden(hidden(metrics))
                : new Answer.Metrics(metrics);
    }

    private Answer train(Judgement.Accepted accepted, RoundOpened asked, LocalTask task, LocalDataset data)
            throws WorkFailedException, InterruptedException {
        RunPlan plan = accepted.plan();
        if (data.train().size() == 0) {
            throw new WorkFailedException("the site has no training examples in dataset '" + plan.dataset() + "'");
        }
        Optional<Evaluation> validation = measured(task, data.validation());
        if (accepted.planned().isPresent()) {
            RoundKey place = asked.place();
            ClippedUpdate made = privately.update(
                    accepted,
                    new KeptUpdates.Place(place.run(), place.round(), asked.model(), accepted.text()),
                    task,
                    data.train());
            return protect(
                    accepted,
                    made,
                    new SharedMetrics(Optional.empty(), validation, Optional.empty()),
                    privately.spentBy(place.run(), accepted.planned().get()));
        }
        LocalResult result = trainer.train(task, data.train());
        ModelUpdate update = result.update();
        if (update.size() != task.parameters().length) {
            throw new WorkFailedException("the trainer's update has " + update.size() + " values; the model has "
                    + task.parameters().length + " parameters");
        }
        Optional<Evaluation> training = policy.sharesMetricsOf(data.train().size())
                ? Optional.of(result.training()).filter(SharedMetrics::isSayable)
                : Optional.empty();
        return protect(
                accepted,
                update.withoutClipping(),
                new SharedMetrics(training, validation, Optional.empty()),
                OptionalDouble.empty());
    }

    private static Answer protect(
            Judgement.Accepted accepted, ClippedUpdate update, SharedMetrics metrics, OptionalDouble epsilon) {
        RunPlan plan = accepted.plan();
        if (!(plan.protection() instanceof SecureAggregation secure)) {
            return new Answer.Update(update.encode(plan.encoding()).plainForEveryoneToRead(), metrics, epsilon);
        }
        Contribution contribution = hidden(metrics)
                .with(
                        PlannedTerms.UPDATE,
                        PlannedTerms.modulus(secure),
                        update.quantize(secure.quantization(), new RoundingBits()));
        accepted.planned().ifPresent(planned -> PrivateTraining.addShare(plan, planned, contribution));
        return new Answer.Hidden(contribution);
    }

    private static Contribution hidden(SharedMetrics metrics) {
        SummedMetrics summed = new SummedMetrics(metrics.training(), metrics.validation(), metrics.test());
        return Contribution.empty().with(SummedMetrics.SPEC.name(), summed.toVector());
    }

    private Optional<Evaluation> measured(LocalTask task, Examples examples) throws InterruptedException {
        return policy.sharesMetricsOf(examples.size())
                ? Optional.of(trainer.evaluate(task, examples)).filter(SharedMetrics::isSayable)
                : Optional.empty();
    }
}
