package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.ledger.BudgetExceededException;
import dev.tacita.secureagg.Contribution;
import dev.tacita.secureagg.PlannedTerms;
import dev.tacita.secureagg.RoundingBits;
import dev.tacita.secureagg.SummedMetrics;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SharedMetrics;
import java.io.IOException;
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
final class LocalRound implements SiteWork {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRound.class);

    private final SiteId site;
    private final SitePolicy policy;
    private final RoundJudge rounds;
    private final Map<String, OfferedDataset> datasets;
    private final LocalTrainer trainer;
    private final PrivateTraining privately;
    private final SiteMemories memories;
    private final PersonalModels personal;
    private final ModelCache models;
    private final ReentrantLock turn = new ReentrantLock();

    LocalRound(
            SiteId site,
            SitePolicy policy,
            Map<String, OfferedDataset> datasets,
            LocalTrainer trainer,
            PrivateTraining privately,
            SiteMemories memories,
            PersonalModels personal,
            ModelCache models) {
        this.site = site;
        this.policy = policy;
        this.rounds = new RoundJudge(policy);
        this.datasets = Map.copyOf(datasets);
        this.trainer = trainer;
        this.privately = privately;
        this.memories = memories;
        this.personal = personal;
        this.models = models;
    }

    @Override
    public Answer answer(Judgement.Accepted accepted, AskedRound asked) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return work(accepted, asked);
        } catch (BudgetExceededException e) {
            return new Answer.Refused("of-datasets: " + e.getMessage());
        } catch (MemoryGoneException e) {
            LOG.error("{}: {}: {}", site, asked.message().place(), e.getMessage());
            return new Answer.Refused("memory: " + e.getMessage());
        } catch (WorkFailedException e) {
            LOG.warn("{}: {}: {}", site, asked.message().place(), e.reason(), e.getCause());
            return new Answer.Failed(e.reason());
        } finally {
            turn.unlock();
        }
    }

    private Answer work(Judgement.Accepted accepted, AskedRound asked)
            throws WorkFailedException, MemoryGoneException, InterruptedException {
        RunPlan plan = accepted.plan();
        RoundOpened message = asked.message();
        Optional<String> breach = rounds.judge(plan, message);
        if (breach.isPresent()) {
            throw new WorkFailedException(breach.get());
        }
        LocalDataset data = Optional.ofNullable(datasets.get(plan.dataset()))
                .orElseThrow(() -> new WorkFailedException("the site has no dataset '" + plan.dataset() + "'"))
                .data();
        int round = message.place().round();
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("round")
                .derive(plan.algorithm().counted(round))
                .derive("site")
                .derive(site.value());
        float[] parameters = fetched(message.model(), accepted.parameters());
        float[] shared = message.shared().isPresent()
                ? fetched(message.shared().get(), plan.algorithm().sharedSize(parameters.length))
                : new float[0];
        float[] memory = memory(accepted, asked);
        try {
            LocalWork work = message.purpose() == Purpose.EVALUATE
                    ? new LocalWork.Evaluate()
                    : plan.algorithm().work(round);
            LocalTask task = new LocalTask(plan.model(), plan.loss(), work, parameters, seeds);
            SiteRound own = new SiteRound(task, memory, shared);
            return work instanceof LocalWork.Evaluate
                    ? evaluate(plan, message.place().run(), own, data)
                    : train(accepted, asked, own, data);
        } catch (BudgetExceededException e) {
            throw e;
        } catch (UnfitUpdateException e) {
            throw new WorkFailedException(e.reason());
        } catch (NotEncodableException e) {
            throw new WorkFailedException(
                    "the update cannot be encoded: training has diverged, or needs a smaller learning rate", e);
        } catch (IOException e) {
            throw new WorkFailedException("what the algorithm keeps at this site cannot be written", e);
        } catch (RuntimeException | Error e) {
            throw new WorkFailedException("training failed with " + e.getClass().getSimpleName(), e);
        }
    }

    private float[] fetched(Hash hash, int size) throws WorkFailedException, InterruptedException {
        try {
            return models.fetch(hash, size);
        } catch (RefusedMessageException e) {
            throw new WorkFailedException("the round's model is refused: " + e.getMessage());
        }
    }

    private float[] memory(Judgement.Accepted accepted, AskedRound asked)
            throws WorkFailedException, MemoryGoneException {
        int size = accepted.plan().algorithm().siteMemorySize(accepted.parameters());
        if (size == 0 || asked.counted().isEmpty()) {
            return new float[size];
        }
        try {
            return memories.of(place(accepted, asked.counted().get()), size);
        } catch (IOException e) {
            throw new WorkFailedException("what the algorithm keeps at this site cannot be read", e);
        }
    }

    private static KeptUpdates.Place place(Judgement.Accepted accepted, RoundOpened round) {
        return new KeptUpdates.Place(round.place().run(), round.place().round(), round.start(), accepted.text());
    }

    /** The task of measuring the model that the site uses. */
    private static LocalTask own(RunPlan plan, SiteRound round) {
        LocalTask task = round.task();
        float[] own = plan.algorithm().parametersAtSite(plan.model(), task.parameters(), round.memory());
        return new LocalTask(task.model(), task.loss(), task.work(), own, task.seeds());
    }

    private Answer evaluate(RunPlan plan, RunId run, SiteRound round, LocalDataset data) throws InterruptedException {
        LocalTask task = own(plan, round);
        if (plan.algorithm().isPersonal() && policy.keepPersonalModels()) {
            personal.keep(run, plan, task.parameters());
        }
        SharedMetrics metrics =
                new SharedMetrics(Optional.empty(), measured(task, data.validation()), measured(task, data.test()));
        return plan.protection() instanceof SecureAggregation
                ? new Answer.Hidden(hidden(metrics))
                : new Answer.Metrics(metrics);
    }

    private Answer train(Judgement.Accepted accepted, AskedRound asked, SiteRound round, LocalDataset data)
            throws WorkFailedException, IOException, InterruptedException {
        RunPlan plan = accepted.plan();
        if (data.train().size() == 0) {
            throw new WorkFailedException("the site has no training examples in dataset '" + plan.dataset() + "'");
        }
        Optional<Evaluation> validation = measured(own(plan, round), data.validation());
        KeptUpdates.Place place = place(accepted, asked.message());
        if (accepted.planned().isPresent()) {
            ClippedUpdate made = privately.update(accepted, place, round.task(), data.train());
            return protect(
                    accepted,
                    made,
                    new SharedMetrics(Optional.empty(), validation, Optional.empty()),
                    privately.spentBy(place.run(), accepted.planned().get()));
        }
        SiteAnswer answer = plan.algorithm().answer(round, new FittingTrainer(trainer), data.train());
        Optional<Evaluation> training = policy.sharesMetricsOf(data.train().size())
                ? Optional.of(answer.training()).filter(SharedMetrics::isSayable)
                : Optional.empty();
        Answer ready = protect(
                accepted,
                answer.contribution().withoutClipping(),
                new SharedMetrics(training, validation, Optional.empty()),
                OptionalDouble.empty());
        if (answer.memory().length > 0) {
            memories.keep(
                    asked.counted().map(counted -> place(accepted, counted)), round.memory(), place, answer.memory());
        }
        return ready;
    }

    /** An update as the plan's protection lets it out. */
    static Answer protect(
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

    /** What is to be masked of metrics alone. */
    static Contribution hidden(SharedMetrics metrics) {
        SummedMetrics summed = new SummedMetrics(metrics.training(), metrics.validation(), metrics.test());
        return Contribution.empty().with(SummedMetrics.SPEC.name(), summed.toVector());
    }

    private Optional<Evaluation> measured(LocalTask task, Examples examples) throws InterruptedException {
        return policy.sharesMetricsOf(examples.size())
                ? Optional.of(trainer.evaluate(task, examples)).filter(SharedMetrics::isSayable)
                : Optional.empty();
    }
}
