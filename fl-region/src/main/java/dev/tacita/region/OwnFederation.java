package dev.tacita.region;

import dev.tacita.client.RegionFailedException;
import dev.tacita.client.RegionalResult;
import dev.tacita.client.RegionalTask;
import dev.tacita.client.RegionalWork;
import dev.tacita.config.RunPlanWriter;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Regions.PartOf;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.server.Aggregator;
import dev.tacita.server.RunState;
import dev.tacita.server.report.RoundLine;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.SharedMetrics;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.TransportException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The federation of a region, in which each round that is asked of the region is a run. The text of its plan names the round and
 * its model, so that a run that is there already is found again, also after a restart.
 */
final class OwnFederation implements RegionalWork {
    private static final Logger LOG = LoggerFactory.getLogger(OwnFederation.class);
    private static final long LOOK_AGAIN_MILLISECONDS = 200;
    private static final int SHOWN_DIGITS = 12;
    private static final String ANY_MODEL = "0".repeat(64);

    private final Aggregator aggregator;
    private final RegionSettings settings;
    private final Clock clock = Clock.systemUTC();

    OwnFederation(Aggregator aggregator, RegionSettings settings) {
        this.aggregator = aggregator;
        this.settings = settings;
    }

    @Override
    public List<String> problemsWith(RunPlan plan) {
        try {
            RunPlanWriter.write(settings.part(new RunId("any"), plan, 1, ANY_MODEL));
            return List.of();
        } catch (ProblemsException e) {
            return e.problems().stream().map(OwnFederation::reason).toList();
        } catch (IllegalArgumentException e) {
            return List.of("the region can do no part in it: " + e.getMessage());
        }
    }

    private static String reason(Problem problem) {
        return "the region can do no part in it: " + problem;
    }

    @Override
    public RegionalResult work(RegionalTask task) throws RegionFailedException, InterruptedException {
        String model = Tensors.sha256(task.parameters()).toString();
        String plan = RunPlanWriter.write(settings.part(task.run(), task.plan(), task.round(), model));
        stopOthers(plan);
        Optional<RunId> known = known(plan);
        RunId run = known.isPresent() ? known.get() : submitted(plan, task.parameters());
        LOG.info(
                "{}: round {} of run {} from model {} is run {}{}",
                aggregator.federation(),
                task.round(),
                task.run(),
                model.substring(0, SHOWN_DIGITS),
                run,
                known.isPresent() ? ", which was there already" : "");
        RegionalResult result = result(task, end(run));
        LOG.info(
                "{}: run {} is done{}",
                aggregator.federation(),
                run,
                task.trains() ? ": " + result.examples() + " training examples counted" : "");
        return result;
    }

    @Override
    public void keepOnly(Set<RunId> runs) {
        for (RunState run : underWay()) {
            RunId whole = part(run).orElseThrow().run();
            if (!runs.contains(whole)) {
                CompletableFuture<Void> unused = aggregator
                        .stop(id(run), "run " + whole + ", of which it is a part, is over")
                        .thenAccept(stopped -> LOG.debug("{}: run {} is stopped", aggregator.federation(), stopped));
            }
        }
    }

    /** Parts that are not over. */
    private List<RunState> underWay() {
        return aggregator.state().runs().values().stream()
                .filter(run -> run.ended().isEmpty())
                .filter(run -> part(run).isPresent())
                .toList();
    }

    private Optional<PartOf> part(RunState run) {
        return aggregator.history(id(run)).flatMap(history -> history.plan().part());
    }

    /** One round is asked of the region at a time, so what else it does in such runs nobody waits for; what has paused is begun anew. */
    private void stopOthers(String plan) throws InterruptedException {
        for (RunState run : underWay()) {
            if (!run.opened().plan().equals(plan) || run.paused().isPresent()) {
                stop(id(run), "the region was asked anew");
            }
        }
    }

    private Optional<RunId> known(String plan) {
        return aggregator.state().runs().values().stream()
                .filter(run -> run.opened().plan().equals(plan))
                .filter(run -> run.ended().map(RunEnded::outcome).orElse(RunOutcome.COMPLETED) == RunOutcome.COMPLETED)
                .map(OwnFederation::id)
                .findFirst();
    }

    private RunId submitted(String plan, float[] parameters) throws RegionFailedException, InterruptedException {
        try {
            return answer(aggregator.submitPart(plan, parameters));
        } catch (ProblemsException e) {
            throw new RegionFailedException("the region cannot begin its rounds: " + e.getMessage());
        }
    }

    private RunState end(RunId run) throws RegionFailedException, InterruptedException {
        while (true) {
            long seen = aggregator.changes();
            RunState state = aggregator.state().run(run).orElseThrow();
            Optional<RunEnded> ended = state.ended();
            if (ended.isPresent() && ended.get().outcome() == RunOutcome.COMPLETED) {
                return state;
            }
            if (ended.isPresent()) {
                throw failed(ended.get().reason());
            }
            if (state.paused().isPresent()) {
                stop(run, "the region has answered that it came to nothing");
                throw failed(state.paused().get());
            }
            if (state.model().isEmpty()
                    && clock.instant().isAfter(state.opened().at().plus(settings.deadline()))) {
                // What another run waits for is nobody's business there.
                String why = aggregator
                        .waitingFor()
                        .filter(waiting -> isCurrent(run))
                        .orElse("its turn has not come");
                stop(run, "the region has answered that its sites are not there");
                throw failed(why);
            }
            if (aggregator.ended().isDone()) {
                throw new TransportException("the aggregator of " + aggregator.federation() + " has ended");
            }
            aggregator.awaitChange(seen, LOOK_AGAIN_MILLISECONDS);
        }
    }

    private boolean isCurrent(RunId run) {
        return aggregator.state().current().filter(it -> id(it).equals(run)).isPresent();
    }

    private RegionalResult result(RegionalTask task, RunState end) throws RegionFailedException, InterruptedException {
        List<RoundLine> lines = aggregator.history(id(end)).orElseThrow().lines().stream()
                .filter(line -> line.outcome() == RoundOutcome.COMPLETED)
                .toList();
        RoundLine first = lines.get(0);
        if (!task.trains()) {
            return new RegionalResult(
                    task.parameters(),
                    0,
                    new SharedMetrics(Optional.empty(), sayable(first.validation()), sayable(first.test())));
        }
        float[] parameters = answer(aggregator.parameters(id(end)))
                .orElseThrow(() -> failed("nothing holds the model of run " + id(end) + " any more"));
        Optional<Evaluation> training =
                lines.stream().flatMap(line -> line.training().stream()).reduce(Evaluation::plus);
        return new RegionalResult(
                parameters,
                lines.stream().mapToLong(OwnFederation::examples).max().orElseThrow(),
                new SharedMetrics(sayable(training), sayable(first.validation()), Optional.empty()));
    }

    private static Optional<Evaluation> sayable(Optional<Evaluation> metrics) {
        return metrics.filter(SharedMetrics::isSayable);
    }

    /** Behind the sum of one round: each has the same, unless sites dropped out or a part of them was asked. */
    private static long examples(RoundLine line) {
        return line.sum()
                .map(RoundSummed::weight)
                .orElseGet(
                        () -> line.counted().stream().mapToLong(Counted::weight).sum());
    }

    private void stop(RunId run, String reason) throws InterruptedException {
        try {
            aggregator.stop(run, reason).get();
        } catch (ExecutionException e) {
            LOG.debug("{}: run {} was not stopped", aggregator.federation(), run, e);
        }
    }

    private static <T> T answer(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new TransportException(String.valueOf(e.getMessage()), e);
        }
    }

    private static RegionFailedException failed(String reason) {
        return new RegionFailedException("the region's own rounds came to nothing: " + reason);
    }

    private static RunId id(RunState run) {
        return run.opened().run();
    }
}
