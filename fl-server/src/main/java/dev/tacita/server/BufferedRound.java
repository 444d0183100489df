package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.server.Contributions.Place;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A round that counts so many contributions and no more, whichever of the sites at work they come from. What is begun when the
 * buffer is full stays in the log, where the next round reads it from {@link #uncounted}.
 */
final class BufferedRound implements RoundSum {
    private final PlainRound sum;
    private final int buffer;
    private final Map<SiteId, Announced> announced = new HashMap<>();

    /** The first header that a site sent, how many chunks follow the last, and whether all are there and wait for the next round. */
    private record Announced(Place place, int chunks, boolean waits) {}

    /** @param buffer how many contributions count */
    BufferedRound(PlainRound sum, int buffer) {
        this.sum = sum;
        this.buffer = buffer;
    }

    @Override
    public void take(Entry entry, SiteMessage message, BiConsumer<SiteId, RefusedMessageException> refused)
            throws RefusedMessageException, InterruptedException {
        SiteId site = message.site();
        boolean waits = isFull() && !sum.has(site);
        if (!waits) {
            sum.take(entry, message, refused);
        }
        if (message instanceof ContributionHeader header) {
            int chunks = header.tensor().map(tensor -> tensor.chunks().size()).orElse(0);
            announced.merge(
                    site,
                    new Announced(Place.of(entry), chunks, false),
                    (first, again) -> new Announced(first.place(), again.chunks(), first.waits()));
        } else if (message instanceof ContributionChunk chunk && isLast(site, chunk)) {
            if (waits) {
                announced.computeIfPresent(site, (same, it) -> new Announced(it.place(), it.chunks(), true));
            } else {
                // At once, so that no two are complete at the same time.
                sum.settle(refused);
            }
        }
    }

    private boolean isLast(SiteId site, ContributionChunk chunk) {
        return Optional.ofNullable(announced.get(site))
                .filter(header -> chunk.chunk().index() == header.chunks() - 1)
                .isPresent();
    }

    /** Whether as many count as can. */
    boolean isFull() {
        return sum.count() >= buffer;
    }

    /** How many contributions are missing. */
    int free() {
        return buffer - sum.count();
    }

    /** Whether the site has sent all of an answer that does not count in this round, and may in the next. */
    boolean isUncounted(SiteId site) {
        return Optional.ofNullable(announced.get(site)).filter(Announced::waits).isPresent() && !counts(site);
    }

    /** If it is not full when it closes, nothing counts. */
    private boolean counts(SiteId site) {
        return isFull() && sum.has(site);
    }

    /**
     * Where in the log all begins that was sent and does not count in this round.
     *
     * @param read how far the log was read
     */
    Position uncounted(Position read) {
        List<Long> offsets = new ArrayList<>(read.offsets());
        announced.forEach((site, header) -> {
            if (!counts(site)) {
                offsets.set(
                        header.place().partition(),
                        Math.min(
                                header.place().offset(),
                                offsets.get(header.place().partition())));
            }
        });
        return new Position(offsets);
    }

    @Override
    public void settle(BiConsumer<SiteId, RefusedMessageException> refused) throws InterruptedException {
        sum.settle(refused);
    }

    @Override
    public void drop(SiteId site) {
        sum.drop(site);
        announced.remove(site);
    }

    @Override
    public boolean has(SiteId site) {
        return sum.has(site);
    }

    @Override
    public boolean isFinal(SiteId site) {
        return sum.isFinal(site);
    }

    @Override
    public Optional<String> absence(SiteId site, boolean present) {
        return sum.absence(site, present);
    }

    @Override
    public Instant deadline() {
        return sum.deadline();
    }

    @Override
    public Duration patience() {
        return sum.patience();
    }

    @Override
    public Decision nextStage(Instant now) {
        return sum.nextStage(now);
    }

    @Override
    public List<Counted> counted() {
        return sum.counted();
    }

    @Override
    public long bytes() {
        return sum.bytes();
    }

    @Override
    public List<AggregatorMessage> summary() {
        return sum.summary();
    }

    @Override
    public Optional<double[]> mean() throws InterruptedException {
        return sum.mean();
    }

    @Override
    public void end() {
        sum.end();
    }
}
