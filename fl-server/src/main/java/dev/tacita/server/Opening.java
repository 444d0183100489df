package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.server.Decision.Parameters;
import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.AggregatorMessage.StageOpened;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.Stage;
import dev.tacita.wire.Tensors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what comes after what is over: the next round, a pause, or the end of the run. Waits for sites, saying so.
 * For one thread.
 */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final Duration SAY_AGAIN = Duration.ofSeconds(30);
    private static final int MOST_REASONS = 20;
    private static final int MOST_NAMES = 20;

    private final Clock clock;
    private final Plans plans;
    private final Supplier<Position> contributionsFrom;
    private final Optional<SecureSettings> secure;
    private Optional<Waiting> waiting = Optional.empty();

    private record Waiting(RunState of, Instant since, Instant said, String reason) {}

    Opening(Clock clock, Plans plans, Supplier<Position> contributionsFrom, Optional<SecureSettings> secure) {
        this.clock = clock;
        this.plans = plans;
        this.contributionsFrom = contributionsFrom;
        this.secure = secure;
    }

    /** What the run whose turn it is waits for, if it is sites. */
    Optional<String> waitingFor() {
        return waiting.map(Waiting::reason);
    }

    /** What to write next, if the run whose turn it is has no open round. */
    Decision next(FederationState state) {
        Optional<RunState> current = state.current().filter(run -> run.open().isEmpty());
        if (current.isEmpty()) {
            waiting = Optional.empty();
            return Decision.NONE;
        }
        RunState run = current.get();
        RunPlan plan = plans.of(run.opened());
        if (run.roundsDone() >= plan.lastRound()) {
            return Decision.of(
                    new RunEnded(run.opened().run(), RunOutcome.COMPLETED, all(plan), run.model(), clock.instant()));
        }
        SortedSet<SiteId> eligible = eligible(state, run, plan);
        int needed = run.model().isEmpty() ? plan.sites() : plan.quorum();
        if (run.paused().isPresent()) {
            return resume(state, run, plan, eligible, needed);
        }
        if (run.attemptsSinceResume() > plan.retries()) {
            return pause(
                    run,
                    "round " + (run.roundsDone() + 1) + " was below its quorum of " + plan.quorum() + " "
                            + run.attemptsSinceResume() + " times" + lastReasons(run));
        }
        if (eligible.size() < needed) {
            return await(run, plan, eligible, needed);
        }
        waiting = Optional.empty();
        return open(run, plan, eligible);
    }

    private static String all(RunPlan plan) {
        if (plan.part().isPresent()) {
            return plan.trains(1) ? "all " + plan.rounds() + " rounds of the region are done" : "the model is measured";
        }
        return "all " + plan.rounds() + " rounds and the final evaluation are done";
    }

    private Decision resume(FederationState state, RunState run, RunPlan plan, SortedSet<SiteId> eligible, int needed) {
        if (!run.joinedSincePause() || eligible.size() < needed) {
            return Decision.NONE;
        }
        RunResumed resumed = new RunResumed(run.opened().run(), clock.instant());
        RunState after = state.apply(resumed).run(run.opened().run()).orElseThrow();
        return Decision.of(resumed).and(open(after, plan, eligible));
    }

    private Decision pause(RunState run, String reason) {
        waiting = Optional.empty();
        return Decision.of(new RunPaused(run.opened().run(), reason, clock.instant()));
    }

    private static String strangers(RunPlan plan) {
        return plan.protection().kind() == Protection.PLAIN
                ? ""
                : "; asked are only those whose keys the aggregator trusts";
    }

    private Decision await(RunState run, RunPlan plan, SortedSet<SiteId> eligible, int needed) {
        Instant now = clock.instant();
        String reason = eligible.size() + " of at least " + needed + " sites that offer '" + plan.dataset()
                + "' are there" + (eligible.isEmpty() ? "" : ": " + names(eligible)) + strangers(plan) + refusals(run);
        Instant since =
                waiting.filter(it -> sameTurn(it.of(), run)).map(Waiting::since).orElse(now);
        boolean patient = run.model().isEmpty() && run.refused().isEmpty();
        if (!patient && !now.isBefore(since.plus(plan.deadline()))) {
            return pause(run, reason);
        }
        Instant said = waiting.filter(it ->
                        it.reason().equals(reason) && now.isBefore(it.said().plus(SAY_AGAIN)))
                .map(Waiting::said)
                .orElse(now);
        if (said.equals(now)) {
            LOG.info("run {} waits: {}", run.opened().run(), reason);
        }
        waiting = Optional.of(new Waiting(run, since, said, reason));
        return Decision.NONE;
    }

    private static boolean sameTurn(RunState a, RunState b) {
        return a.opened().run().equals(b.opened().run())
                && a.roundsDone() == b.roundsDone()
                && a.attempts() == b.attempts();
    }

    private Decision open(RunState run, RunPlan plan, SortedSet<SiteId> eligible) {
        Instant now = clock.instant();
        int round = run.roundsDone() + 1;
        int attempt = run.attempts() + 1;
        boolean train = plan.trains(round);
        List<SiteId> cohort =
                train ? cohort(run, plan, round, attempt, eligible) : Cohorts.all(plan, round, attempt, eligible);
        Optional<Hash> known = run.model().or(() -> given(plan));
        Optional<Parameters> first = known.isPresent() ? Optional.empty() : Optional.of(initial(plan));
        Hash model = known.orElseGet(() -> first.orElseThrow().model());
        Optional<Shared> begun = first.flatMap(it -> Shared.by(plan, it));
        RoundOpened opened = new RoundOpened(
                new RoundKey(run.opened().run(), round, attempt),
                train ? Purpose.TRAIN : Purpose.EVALUATE,
                cohort,
                model,
                plan.quorum(),
                now.plus(length(plan)),
                contributionsFrom.get(),
                now,
                Math.max(run.sites() - run.refused().size(), eligible.size()),
                train ? run.shared().or(() -> begun.map(Shared::hash)) : Optional.empty());
        List<Write> models = new ArrayList<>();
        first.ifPresent(it -> models.addAll(Models.writes(it.model(), it.values())));
        begun.ifPresent(it -> models.addAll(it.writes()));
        return new Decision(models, messages(opened, plan), first);
    }

    private static List<SiteId> cohort(RunState run, RunPlan plan, int round, int attempt, SortedSet<SiteId> eligible) {
        return plan.algorithm() instanceof FedBuff algorithm
                ? Cohorts.idle(
                        plan,
                        algorithm.concurrency(),
                        round,
                        attempt,
                        eligible,
                        run.asks().keySet())
                : Cohorts.sample(plan, round, attempt, eligible);
    }

    private static List<AggregatorMessage> messages(RoundOpened opened, RunPlan plan) {
        return plan.protection() instanceof SecureAggregation protection
                ? List.of(
                        opened,
                        new StageOpened(
                                opened.place(),
                                Stage.KEYS,
                                List.of(),
                                opened.at().plus(protection.stageDeadline()),
                                opened.at()))
                : List.of(opened);
    }

    private static Duration length(RunPlan plan) {
        return plan.protection() instanceof SecureAggregation protection
                ? plan.deadline().plus(protection.stageDeadline().multipliedBy(Stage.values().length))
                : plan.deadline();
    }

    /** Written with the run, where it begins from a model of another. */
    private static Optional<Hash> given(RunPlan plan) {
        return plan.part().map(part -> Hash.parse(part.model()));
    }

    private static Parameters initial(RunPlan plan) {
        float[] values =
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
        ServerState state = ServerState.first(plan.algorithm(), values);
        return new Parameters(Tensors.sha256(values), values, state.memory());
    }

    private SortedSet<SiteId> eligible(FederationState state, RunState run, RunPlan plan) {
        SortedSet<SiteId> eligible = new TreeSet<>();
        state.sites().forEach((site, presence) -> {
            if (presence.offers(plan.dataset()) && !run.refused().containsKey(site) && isKnown(site, plan)) {
                eligible.add(site);
            }
        });
        return eligible;
    }

    /** Under secure aggregation a site whose key is not known cannot be asked. */
    private boolean isKnown(SiteId site, RunPlan plan) {
        return plan.protection().kind() == Protection.PLAIN
                || secure.flatMap(settings -> settings.registry().key(site)).isPresent();
    }

    private static String refusals(RunState run) {
        return run.refused().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "; " + entry.getKey() + " refuses: " + Printable.of(String.join(", ", entry.getValue())))
                .limit(MOST_REASONS)
                .collect(Collectors.joining());
    }

    private static String lastReasons(RunState run) {
        return run.lastClosed()
                .map(closed -> closed.missing().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> "; " + entry.getKey() + ": " + entry.getValue())
                        .limit(MOST_REASONS)
                        .collect(Collectors.joining()))
                .orElse("");
    }

    private static String names(SortedSet<SiteId> sites) {
        String first = sites.stream().limit(MOST_NAMES).map(SiteId::value).collect(Collectors.joining(", "));
        return sites.size() > MOST_NAMES ? first + " and " + (sites.size() - MOST_NAMES) + " more" : first;
    }
}
