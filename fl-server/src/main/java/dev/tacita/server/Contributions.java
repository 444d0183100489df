package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ContributionRule;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.ElementType;
import dev.tacita.wire.Entry;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.TensorHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/**
 * The contributions to one attempt at a round, added as their chunks arrive. A site's first complete contribution
 * counts; one that proves bad, or that another of its site replaces, leaves the sum {@link #tainted} if part of it had
 * been added.
 *
 * <p>Memory does not grow with the number of sites, but for a header of each.
 */
final class Contributions {
    private final RoundOpened round;
    private final RunPlan plan;
    private final int size;
    private final Optional<SortedMap<SiteId, Place>> chosen;
    private final ExactSum sum;
    private final Optional<ContributionRule> rule;
    private final Asks asks;
    private final Map<Integer, WordAccumulator> accumulators = new HashMap<>();
    private final Map<SiteId, Incoming> incoming = new HashMap<>();
    private final SortedMap<SiteId, Incoming> complete = new TreeMap<>();
    private final List<Adding> adding = new ArrayList<>();
    private boolean tainted;

    /** Where in the log a contribution's header stands. */
    record Place(int partition, long offset) {
        static Place of(Entry entry) {
            return new Place(entry.partition(), entry.offset());
        }
    }

    private static final class Incoming {
        final ContributionHeader header;
        final Place place;
        int nextChunk;
        long bytes;
        boolean added;

        Incoming(ContributionHeader header, Entry entry) {
            this.header = header;
            this.place = Place.of(entry);
            this.bytes = entry.frame().bytes().remaining();
        }

        TensorHeader tensor() {
            return header.tensor().orElseThrow();
        }

        boolean allReceived() {
            return nextChunk == header.tensor().map(t -> t.chunks().size()).orElse(0);
        }
    }

    private record Adding(Incoming to, Future<Optional<RefusedMessageException>> result) {}

    /**
     * Starts from zero.
     *
     * @param chosen if present, the only contributions that are looked at
     */
    Contributions(
            RoundOpened round,
            Asks asks,
            RunPlan plan,
            int size,
            ExactSum sum,
            Optional<SortedMap<SiteId, Place>> chosen) {
        this.round = round;
        this.asks = asks;
        this.plan = plan;
        this.size = size;
        this.chosen = chosen;
        this.sum = sum;
        this.rule = plan.algorithm().contributionRule(plan.model().layout().size());
        sum.reset(round.purpose() == Purpose.TRAIN ? size : 0);
    }

    /** The same round from zero, looking at the contributions at these places only. */
    Contributions restrictedTo(SortedMap<SiteId, Place> places) {
        return new Contributions(round, asks, plan, size, sum, Optional.of(places));
    }

    /** Takes a header in. */
    void header(Entry entry, ContributionHeader header, BiConsumer<SiteId, RefusedMessageException> refused)
            throws RefusedMessageException, InterruptedException {
        SiteId site = header.site();
        if (chosen.isPresent() && !Place.of(entry).equals(chosen.get().get(site))) {
            return;
        }
        settle(refused);
        if (complete.containsKey(site)) {
            throw refusal(Reason.DUPLICATE, header.site(), "has contributed already");
        }
        Incoming earlier = incoming.get(site);
        if (earlier != null && sameContent(earlier.header, header)) {
            throw refusal(Reason.DUPLICATE, site, "has announced this contribution already");
        }
        check(header);
        if (earlier != null) {
            drop(site);
        }
        if (round.purpose() == Purpose.TRAIN) {
            checkTotalWeight(header);
        }
        Incoming begun = new Incoming(header, entry);
        if (begun.allReceived()) {
            complete.put(site, begun);
        } else {
            incoming.put(site, begun);
        }
    }

    /** Takes a chunk in; what comes of it shows when all is settled. */
    void chunk(Entry entry, ContributionChunk message) throws RefusedMessageException {
        SiteId site = message.site();
        Incoming to = incoming.get(site);
        if (to == null || !to.header.session().equals(message.session())) {
            throw complete.containsKey(site)
                    ? refusal(Reason.DUPLICATE, site, "has contributed already")
                    : refusal(Reason.OUT_OF_ORDER, site, "sent a chunk without its header");
        }
        int index = message.chunk().index();
        if (index < to.nextChunk) {
            throw refusal(Reason.DUPLICATE, site, "has sent chunk " + index + " already");
        }
        if (index > to.nextChunk) {
            throw refusal(
                    Reason.OUT_OF_ORDER, site, "must send chunk " + to.nextChunk + " next. Provided value: " + index);
        }
        int length = message.chunk().bytes().remaining();
        if (to.allReceived() || length != to.tensor().chunkLength(index)) {
            throw refusal(Reason.WRONG_SHAPE, site, "sent chunk " + index + " of " + length + " bytes");
        }
        to.nextChunk++;
        to.bytes += entry.frame().bytes().remaining();
        adding.add(new Adding(
                to,
                sum.add(
                        message.chunk(),
                        to.tensor().chunks().get(index),
                        rule,
                        to.header.weight(),
                        accumulator(site))));
    }

    /** What is late counts less; only where a plan's algorithm is asynchronous anything is. */
    private WordAccumulator accumulator(SiteId site) {
        return accumulators.computeIfAbsent(
                asks.steps(site), steps -> new WordAccumulator(plan.encoding(), FedBuff.factor(steps)));
    }

    /** Waits for all that is being added, and decides what is complete and what is bad. */
    void settle(BiConsumer<SiteId, RefusedMessageException> refused) throws InterruptedException {
        Map<SiteId, RefusedMessageException> bad = new TreeMap<>();
        for (Adding each : adding) {
            Optional<RefusedMessageException> refusal = ExactSum.await(each.result());
            SiteId site = each.to().header.site();
            refusal.ifPresentOrElse(reason -> bad.putIfAbsent(site, reason), () -> each.to().added = true);
        }
        adding.clear();
        bad.forEach((site, reason) -> {
            drop(site);
            refused.accept(site, reason);
        });
        incoming.values().removeIf(each -> {
            if (each.allReceived()) {
                complete.put(each.header.site(), each);
                return true;
            }
            return false;
        });
    }

    /** Forgets what a site has begun to send; call only when settled. */
    void drop(SiteId site) {
        Incoming dropped = incoming.remove(site);
        tainted |= dropped != null && dropped.added;
    }

    /** Whether the site's contribution is complete. */
    boolean has(SiteId site) {
        return complete.containsKey(site);
    }

    /** Whether the site has begun to send. */
    boolean hasBegun(SiteId site) {
        return incoming.containsKey(site);
    }

    /** Whether the sum holds parts of what does not count. */
    boolean tainted() {
        return tainted || incoming.values().stream().anyMatch(each -> each.added);
    }

    /** Where the complete contributions stand in the log. */
    SortedMap<SiteId, Place> places() {
        SortedMap<SiteId, Place> places = new TreeMap<>();
        complete.forEach((site, each) -> places.put(site, each.place));
        return places;
    }

    /** How many contributions are complete. */
    int count() {
        return complete.size();
    }

    /** The complete contributions, sorted by site. */
    List<Counted> counted() {
        return complete.values().stream()
                .map(each -> each.header)
                .map(header -> new Counted(
                        header.site(),
                        header.session(),
                        header.weight(),
                        header.training(),
                        header.validation(),
                        header.test(),
                        header.seconds(),
                        header.epsilon(),
                        asks.earlier(header.site())))
                .toList();
    }

    /** Bytes on the wire of the complete contributions. */
    long bytes() {
        return complete.values().stream().mapToLong(each -> each.bytes).sum();
    }

    /** The weighted mean of the complete contributions; call only when nothing is tainted. */
    double[] mean() {
        long total = complete.values().stream()
                .mapToLong(each -> each.header.weight())
                .sum();
        return sum.mean(plan.encoding(), total);
    }

    private void check(ContributionHeader header) throws RefusedMessageException {
        SiteId site = header.site();
        if (header.protection() != plan.protection().kind()) {
            throw refusal(
                    Reason.WRONG_PROTECTION,
                    site,
                    "must protect with " + plan.protection().kind() + ". Provided value: " + header.protection());
        }
        if (!Cohorts.accepts(header.session())) {
            throw refusal(
                    Reason.OVERSIZE,
                    site,
                    "must name its session in at most " + Cohorts.MOST_SESSION_BYTES + " bytes. Provided length: "
                            + header.session().length());
        }
        if (!(header.seconds() >= 0 && header.seconds() < Double.POSITIVE_INFINITY)) {
            throw refusal(Reason.MALFORMED, site, "must report seconds >= 0. Provided value: " + header.seconds());
        }
        if (round.purpose() == Purpose.EVALUATE) {
            if (header.tensor().isPresent()) {
                throw refusal(Reason.WRONG_SHAPE, site, "must send no tensor in an evaluation");
            }
            return;
        }
        TensorHeader tensor =
                header.tensor().orElseThrow(() -> refusal(Reason.WRONG_SHAPE, site, "must send a tensor"));
        if (tensor.type() != ElementType.FLOAT32 || tensor.elements() != size) {
            throw refusal(
                    Reason.WRONG_SHAPE,
                    site,
                    "must send " + size + " FLOAT32. Provided value: " + tensor.elements() + " " + tensor.type());
        }
        if (plan.weight(2) == 1 && header.weight() != 1) {
            throw refusal(
                    Reason.NOT_ENCODABLE,
                    site,
                    "must have a weight of 1, as every site in a run in which sites count alike. Provided value: "
                            + header.weight());
        }
        if (header.weight() < 1 || header.weight() > plan.encoding().maxTotalWeight()) {
            throw refusal(
                    Reason.NOT_ENCODABLE,
                    site,
                    "must have a weight of 1 to " + plan.encoding().maxTotalWeight() + ". Provided value: "
                            + header.weight());
        }
    }

    private void checkTotalWeight(ContributionHeader header) throws RefusedMessageException {
        long others = 0;
        for (Incoming each : complete.values()) {
            others += each.header.weight();
        }
        for (Incoming each : incoming.values()) {
            others += each.header.weight();
        }
        if (others + header.weight() > plan.encoding().maxTotalWeight()) {
            throw refusal(
                    Reason.NOT_ENCODABLE,
                    header.site(),
                    "would bring the sum of the weights above "
                            + plan.encoding().maxTotalWeight() + ". Provided value: " + header.weight());
        }
    }

    private static boolean sameContent(ContributionHeader a, ContributionHeader b) {
        return a.session().equals(b.session())
                && a.weight() == b.weight()
                && a.tensor().equals(b.tensor());
    }

    private RefusedMessageException refusal(Reason reason, SiteId site, String rule) {
        return new RefusedMessageException(reason, site + ", " + round.place() + ": " + rule);
    }
}
