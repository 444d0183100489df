package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What the journal says about one run: a pure fold over the aggregator's messages, so that the same journal gives the
 * same history, live and after a restart. Messages of other runs change nothing, and nothing changes after the run
 * ended.
 *
 * @param run which run
 * @param plan its plan, as read from the text of {@link RunOpened}
 * @param opened how it began; empty before it did
 * @param joined the last hello of each site that offers the plan's dataset, in the order of their names
 * @param attempts every try at a round, in the order of their opening
 * @param refusals what sites refused, in the order of arrival
 * @param pauses what the run waited for, in the order of arrival
 * @param ended how it ended; empty before it did
 */
public record RunHistory(
        RunId run,
        RunPlan plan,
        Optional<RunOpened> opened,
        SortedMap<SiteId, SiteJoined> joined,
        List<RoundAttempt> attempts,
        List<SiteRefused> refusals,
        List<Pause> pauses,
        Optional<RunEnded> ended) {
    /**
     * A time in which the run waited for an operator or for sites.
     *
     * @param paused when, and why
     * @param resumed when it went on; empty while it waits, or if it ended waiting
     */
    public record Pause(RunPaused paused, Optional<RunResumed> resumed) {
        public Pause {
            requireNonNull(paused, "paused is null");
            requireNonNull(resumed, "resumed is null");
        }
    }

    public RunHistory {
        requireNonNull(run, "run is null");
        requireNonNull(plan, "plan is null");
        requireNonNull(opened, "opened is null");
        joined = Collections.unmodifiableSortedMap(new TreeMap<>(joined));
        attempts = List.copyOf(attempts);
        refusals = List.copyOf(refusals);
        pauses = List.copyOf(pauses);
        requireNonNull(ended, "ended is null");
    }

    /** Of a run of which nothing was said yet. */
    public static RunHistory empty(RunId run, RunPlan plan) {
        return new RunHistory(
                run, plan, Optional.empty(), new TreeMap<>(), List.of(), List.of(), List.of(), Optional.empty());
    }

    /** Of a whole journal, from its beginning. */
    public static RunHistory of(RunId run, RunPlan plan, Iterable<? extends AggregatorMessage> journal) {
        RunHistory history = empty(run, plan);
        for (AggregatorMessage message : journal) {
            history = history.with(message);
        }
        return history;
    }

    /**
     * After one more message of the journal.
     *
     * @throws IllegalArgumentException if the message closes a round that was not opened
     */
    public RunHistory with(AggregatorMessage message) {
        if (ended.isPresent()) {
            return this;
        }
        if (message instanceof RunOpened it && it.run().equals(run)) {
            return new RunHistory(run, plan, Optional.of(it), joined, attempts, refusals, pauses, ended);
        }
        if (message instanceof SiteJoined it && offer(it).isPresent()) {
            SortedMap<SiteId, SiteJoined> all = new TreeMap<>(joined);
            all.put(it.hello().site(), it);
            return new RunHistory(run, plan, opened, all, attempts, refusals, pauses, ended);
        }
        if (message instanceof SiteRefused it && it.refusal().run().equals(run)) {
            return new RunHistory(run, plan, opened, joined, attempts, and(refusals, it), pauses, ended);
        }
        if (message instanceof RoundOpened it && it.place().run().equals(run)) {
            var attempt = new RoundAttempt(it, Optional.empty(), Optional.empty());
            return new RunHistory(run, plan, opened, joined, and(attempts, attempt), refusals, pauses, ended);
        }
        if (message instanceof RoundSummed it && it.place().run().equals(run)) {
            var summed = replaced(
                    it.place(), attempt -> new RoundAttempt(attempt.opened(), Optional.of(it), attempt.closed()));
            return new RunHistory(run, plan, opened, joined, summed, refusals, pauses, ended);
        }
        if (message instanceof RoundClosed it && it.place().run().equals(run)) {
            var closed =
                    replaced(it.place(), attempt -> new RoundAttempt(attempt.opened(), attempt.sum(), Optional.of(it)));
            return new RunHistory(run, plan, opened, joined, closed, refusals, pauses, ended);
        }
        if (message instanceof RunPaused it && it.run().equals(run)) {
            var pause = new Pause(it, Optional.empty());
            return new RunHistory(run, plan, opened, joined, attempts, refusals, and(pauses, pause), ended);
        }
        if (message instanceof RunResumed it && it.run().equals(run)) {
            return new RunHistory(run, plan, opened, joined, attempts, refusals, resumed(it), ended);
        }
        if (message instanceof RunEnded it && it.run().equals(run)) {
            return new RunHistory(run, plan, opened, joined, attempts, refusals, pauses, Optional.of(it));
        }
        return this;
    }

    /** One line for each closed try at a round, in the order of their opening. */
    public List<RoundLine> lines() {
        return attempts.stream().flatMap(attempt -> line(attempt).stream()).toList();
    }

    /** The line of the attempt that closed last; empty if none did. */
    public Optional<RoundLine> lastLine() {
        for (int i = attempts.size() - 1; i >= 0; i--) {
            Optional<RoundLine> line = line(attempts.get(i));
            if (line.isPresent()) {
                return line;
            }
        }
        return Optional.empty();
    }

    /** The final evaluation on the sites' test rows; empty if it did not complete. */
    public Optional<RoundLine> finalTest() {
        return lines().stream()
                .filter(line -> line.purpose() == Purpose.EVALUATE && line.outcome() == RoundOutcome.COMPLETED)
                .reduce((first, last) -> last);
    }

    /** How many rounds of training completed. */
    public int roundsCompleted() {
        return (int) attempts.stream()
                .filter(attempt -> attempt.opened().purpose() == Purpose.TRAIN)
                .filter(attempt -> attempt.closed()
                        .filter(closed -> closed.outcome() == RoundOutcome.COMPLETED)
                        .isPresent())
                .count();
    }

    /** What the run has revealed of a site, as it last reported; empty if it never did. */
    public OptionalDouble epsilon(SiteId site) {
        return lines().stream()
                .flatMap(line -> line.counted().stream())
                .filter(counted -> counted.site().equals(site))
                .flatMapToDouble(counted -> counted.epsilon().stream())
                .reduce((first, last) -> last);
    }

    /** What the run has revealed in all, see {@link RoundLine#epsilon}; empty if nothing was reported. */
    public OptionalDouble epsilon() {
        return lines().stream().flatMapToDouble(line -> line.epsilon().stream()).max();
    }

    /** SHA-256 of the newest parameters; empty before the first round opened. */
    public Optional<Hash> model() {
        Optional<Hash> last = ended.flatMap(RunEnded::model);
        if (last.isPresent() || attempts.isEmpty()) {
            return last;
        }
        RoundAttempt newest = attempts.get(attempts.size() - 1);
        return Optional.of(
                newest.closed().map(RoundClosed::model).orElse(newest.opened().model()));
    }

    /** Every site that offers the dataset, was asked or refused, in the order of their names. */
    public SortedSet<SiteId> sites() {
        SortedSet<SiteId> sites = new TreeSet<>(joined.keySet());
        attempts.forEach(attempt -> sites.addAll(attempt.opened().cohort()));
        refusals.forEach(refused -> sites.add(refused.refusal().site()));
        return sites;
    }

    /** What a site last offered under the plan's dataset name; empty if it never did. */
    public Optional<DatasetOffer> offer(SiteId site) {
        return Optional.ofNullable(joined.get(site)).flatMap(this::offer);
    }

    /** SHA-256 of the plan's text in UTF-8; empty before the run opened. */
    public Optional<Hash> planHash() {
        return opened.map(it -> Hashes.of(it.plan()));
    }

    private Optional<DatasetOffer> offer(SiteJoined joined) {
        return joined.hello().datasets().stream()
                .filter(offer -> offer.name().equals(plan.dataset()))
                .findFirst();
    }

    private Optional<RoundLine> line(RoundAttempt attempt) {
        return attempt.closed().map(closed -> RoundLine.of(plan, attempt.opened(), attempt.sum(), closed));
    }

    private List<RoundAttempt> replaced(RoundKey place, UnaryOperator<RoundAttempt> change) {
        List<RoundAttempt> all = new ArrayList<>(attempts);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).place().equals(place)) {
                all.set(i, change.apply(all.get(i)));
                return all;
            }
        }
        throw new IllegalArgumentException("a round must be opened before it is closed. Provided value: " + place);
    }

    private List<Pause> resumed(RunResumed resumed) {
        if (pauses.isEmpty()) {
            return pauses;
        }
        List<Pause> all = new ArrayList<>(pauses);
        int last = all.size() - 1;
        all.set(last, new Pause(all.get(last).paused(), Optional.of(resumed)));
        return all;
    }

    private static <T> List<T> and(List<T> list, T last) {
        List<T> all = new ArrayList<>(list.size() + 1);
        all.addAll(list);
        all.add(last);
        return all;
    }
}
