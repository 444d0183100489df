package dev.tacita.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Transport} promises, shown for one implementation. */
@Timeout(120)
public abstract class TransportContract {
    private static final Duration SHORT = Duration.ofMillis(100);

    private Connections federation = () -> {
        throw new IllegalStateException("no test runs");
    };
    private final List<Transport> open = new ArrayList<>();

    /** Ways to the logs of one federation. */
    @FunctionalInterface
    public interface Connections {
        /** Another party's way to the logs. */
        Transport connect();
    }

    /** A federation with empty logs; contributions in several partitions. */
    protected abstract Connections emptyFederation();

    @BeforeEach
    void createFederation() {
        federation = emptyFederation();
    }

    @AfterEach
    void closeTransports() {
        open.forEach(Transport::close);
    }

    @Test
    void entriesAreReadOnceWithAllThatWasWritten() throws InterruptedException {
        Transport transport = connect();
        Instant before = Instant.now().minusSeconds(1);
        List<Frame> written = frames("site-a", 0, 5);
        for (Channel channel : Channel.values()) {
            transport.append(channel, written);
        }
        for (Channel channel : Channel.values()) {
            List<Entry> read = Reading.all(connect(), channel);
            assertThat(read)
                    .as("entries of %s", channel)
                    .extracting(Entry::frame)
                    .isEqualTo(written);
            assertThat(read)
                    .extracting(Entry::at)
                    .allSatisfy(
                            at -> assertThat(at).isBetween(before, Instant.now().plusSeconds(1)));
        }
    }

    @Test
    void entriesOfOneKeyKeepTheirOrder() throws InterruptedException {
        Transport transport = connect();
        for (int batch = 0; batch < 10; batch++) {
            for (int site = 0; site < 8; site++) {
                transport.append(Channel.CONTRIBUTIONS, frames("site-" + site, batch * 7, 7));
            }
        }
        Map<String, List<Entry>> byKey = Reading.all(transport, Channel.CONTRIBUTIONS).stream()
                .collect(Collectors.groupingBy(entry -> entry.frame().key()));
        assertThat(byKey).hasSize(8);
        byKey.forEach((key, entries) -> assertThat(entries)
                .extracting(Entry::frame)
                .as("entries of %s", key)
                .isEqualTo(frames(key, 0, 70)));
        assertThat(byKey.values().stream()
                        .flatMap(List::stream)
                        .map(Entry::partition)
                        .distinct())
                .as("partitions in use")
                .hasSizeGreaterThan(1);
    }

    @Test
    void readingGoesOnFromAnyPosition() throws InterruptedException {
        Transport transport = connect();
        for (int site = 0; site < 6; site++) {
            transport.append(Channel.CONTRIBUTIONS, frames("site-" + site, 0, 20));
        }
        List<Entry> all = Reading.all(transport, Channel.CONTRIBUTIONS);
        List<Entry> again = new ArrayList<>();
        Position position = transport.beginning(Channel.CONTRIBUTIONS);
        while (again.size() < all.size()) {
            try (LogReader reader = connect().read(Channel.CONTRIBUTIONS, position)) {
                List<Entry> some = Reading.next(reader, 1);
                for (Entry entry : some.subList(0, Math.min(37, some.size()))) {
                    again.add(entry);
                    position = position.after(entry);
                }
            }
        }
        assertThat(again).containsExactlyInAnyOrderElementsOf(all);
        assertThat(transport.end(Channel.CONTRIBUTIONS).hasReached(position)).isTrue();
    }

    @Test
    void thePositionOfAReaderIsWhereAnotherOneGoesOn() throws InterruptedException {
        Transport transport = connect();
        try (AggregatorLog log = transport.aggregatorLog()) {
            for (int i = 0; i < 10; i++) {
                log.commit(writes(Channel.ROUNDS, frames("aggregator", i, 1)));
            }
        }
        List<Entry> read = new ArrayList<>();
        Position position = transport.beginning(Channel.ROUNDS);
        while (read.size() < 10) {
            try (LogReader reader = transport.read(Channel.ROUNDS, position)) {
                read.addAll(Reading.next(reader, 1));
                position = reader.position();
            }
        }
        assertThat(read).extracting(Entry::frame).isEqualTo(frames("aggregator", 0, 10));
    }

    @Test
    void nothingLiesAfterTheEnd() throws InterruptedException {
        Transport transport = connect();
        assertThat(transport.end(Channel.SITES)).isEqualTo(transport.beginning(Channel.SITES));
        transport.append(Channel.SITES, frames("site-a", 0, 3));
        Position end = transport.end(Channel.SITES);
        try (LogReader reader = transport.read(Channel.SITES, end)) {
            assertThat(reader.poll(SHORT)).isEmpty();
            assertThat(reader.position()).isEqualTo(end);
            transport.append(Channel.SITES, frames("site-a", 3, 1));
            assertThat(Reading.next(reader, 1)).extracting(Entry::frame).isEqualTo(frames("site-a", 3, 1));
        }
        assertThat(Reading.between(transport, Channel.SITES, transport.beginning(Channel.SITES), end))
                .hasSize(3);
    }

    @Test
    void aReaderMadeBeforeTheFirstEntrySeesIt() throws InterruptedException {
        Transport transport = connect();
        try (LogReader reader = transport.read(Channel.MODELS, transport.beginning(Channel.MODELS))) {
            assertThat(reader.poll(SHORT)).isEmpty();
            connect().append(Channel.MODELS, frames("model", 0, 2));
            assertThat(Reading.next(reader, 2)).extracting(Entry::frame).isEqualTo(frames("model", 0, 2));
        }
    }

    @Test
    void readersDoNotDisturbEachOther() throws InterruptedException {
        Transport transport = connect();
        transport.append(Channel.ROUNDS, frames("aggregator", 0, 50));
        Position start = transport.beginning(Channel.ROUNDS);
        try (LogReader one = transport.read(Channel.ROUNDS, start);
                LogReader two = transport.read(Channel.ROUNDS, start)) {
            assertThat(Reading.next(one, 50)).hasSize(50);
            assertThat(Reading.next(two, 50)).hasSize(50);
        }
    }

    @Test
    void anEmptyPollTakesItsTimeAndNotMuchLonger() throws InterruptedException {
        Transport transport = connect();
        try (LogReader reader = transport.read(Channel.ROUNDS, transport.beginning(Channel.ROUNDS))) {
            reader.poll(SHORT);
            long start = System.nanoTime();
            assertThat(reader.poll(Duration.ofMillis(300))).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
        }
    }

    @Test
    void aCommitIsSeenInAllItsChannels() throws InterruptedException {
        Transport transport = connect();
        try (AggregatorLog log = transport.aggregatorLog()) {
            List<Write> writes = new ArrayList<>(writes(Channel.MODELS, frames("model", 0, 30)));
            writes.addAll(writes(Channel.ROUNDS, frames("aggregator", 0, 2)));
            log.commit(writes);
        }
        assertThat(Reading.all(transport, Channel.MODELS))
                .extracting(Entry::frame)
                .isEqualTo(frames("model", 0, 30));
        assertThat(Reading.all(transport, Channel.ROUNDS))
                .extracting(Entry::frame)
                .isEqualTo(frames("aggregator", 0, 2));
    }

    @Test
    void aCommitThatFailsLeavesNothingAndTheNextOneWorks() throws InterruptedException {
        Transport transport = connect();
        List<Write> writes = new ArrayList<>(writes(Channel.ROUNDS, frames("aggregator", 0, 3)));
        writes.addAll(writes(Channel.MODELS, List.of(frame("model", MessageCodec.MAX_MESSAGE_BYTES + 1))));
        try (AggregatorLog log = transport.aggregatorLog()) {
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> log.commit(writes))
                    .withMessageContaining(Integer.toString(MessageCodec.MAX_MESSAGE_BYTES));
            assertThat(Reading.all(transport, Channel.ROUNDS)).isEmpty();
            log.commit(writes(Channel.ROUNDS, frames("aggregator", 7, 1)));
        }
        assertThat(Reading.all(transport, Channel.ROUNDS))
                .extracting(Entry::frame)
                .isEqualTo(frames("aggregator", 7, 1));
    }

    @Test
    void noReaderEverSeesPartOfACommit() throws Exception {
        int perCommit = 17;
        int commits = 30;
        Transport transport = connect();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = threads.submit(writing(connect(), commits, perCommit));
            boolean done = false;
            while (!done) {
                done = writing.isDone();
                assertThat(Reading.all(transport, Channel.ROUNDS).size() % perCommit)
                        .as("entries beyond whole commits")
                        .isZero();
            }
            writing.get();
        } finally {
            threads.shutdownNow();
        }
        assertThat(Reading.all(transport, Channel.ROUNDS)).hasSize(commits * perCommit);
    }

    @Test
    void anAggregatorIsFencedOffByTheNext() throws InterruptedException {
        Transport transport = connect();
        try (AggregatorLog first = transport.aggregatorLog()) {
            first.commit(writes(Channel.ROUNDS, frames("aggregator", 0, 1)));
            try (AggregatorLog second = connect().aggregatorLog()) {
                assertThatExceptionOfType(FencedException.class)
                        .isThrownBy(() -> first.commit(writes(Channel.ROUNDS, frames("aggregator", 1, 1))));
                second.commit(writes(Channel.ROUNDS, frames("aggregator", 2, 1)));
                assertThatExceptionOfType(FencedException.class)
                        .isThrownBy(() -> first.commit(writes(Channel.ROUNDS, frames("aggregator", 3, 1))));
            }
        }
        List<Frame> expected = List.of(
                frames("aggregator", 0, 1).get(0), frames("aggregator", 2, 1).get(0));
        assertThat(Reading.all(transport, Channel.ROUNDS))
                .extracting(Entry::frame)
                .isEqualTo(expected);
    }

    @Test
    void appendsOfManyThreadsLoseNothing() throws Exception {
        Transport transport = connect();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> sites = IntStream.range(0, 8)
                    .<Callable<Void>>mapToObj(site -> () -> {
                        for (int i = 0; i < 25; i++) {
                            transport.append(Channel.CONTRIBUTIONS, frames("site-" + site, i * 4, 4));
                        }
                        return null;
                    })
                    .toList();
            for (Future<Void> site : threads.invokeAll(sites)) {
                site.get();
            }
        } finally {
            threads.shutdownNow();
        }
        Map<String, List<Entry>> byKey = Reading.all(transport, Channel.CONTRIBUTIONS).stream()
                .collect(Collectors.groupingBy(entry -> entry.frame().key()));
        assertThat(byKey).hasSize(8);
        byKey.forEach((key, entries) -> assertThat(entries)
                .extracting(Entry::frame)
                .as("entries of %s", key)
                .isEqualTo(frames(key, 0, 100)));
    }

    @Test
    void theLargestFramesArrive() throws InterruptedException {
        Transport transport = connect();
        List<Frame> large = Collections.nCopies(3, frame("site-a", MessageCodec.MAX_MESSAGE_BYTES));
        transport.append(Channel.CONTRIBUTIONS, large);
        assertThat(Reading.all(transport, Channel.CONTRIBUTIONS))
                .extracting(Entry::frame)
                .isEqualTo(large);
    }

    @Test
    void aFrameOverTheLimitIsAnErrorThatNamesIt() {
        Transport transport = connect();
        List<Frame> tooLarge = List.of(frame("site-a", MessageCodec.MAX_MESSAGE_BYTES + 1));
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> transport.append(Channel.CONTRIBUTIONS, tooLarge))
                .withMessageContaining(Integer.toString(MessageCodec.MAX_MESSAGE_BYTES))
                .withMessageContaining(Integer.toString(MessageCodec.MAX_MESSAGE_BYTES + 1));
    }

    @Test
    void aWaitingReaderCanBeInterrupted() throws Exception {
        Transport transport = connect();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (LogReader reader = transport.read(Channel.ROUNDS, transport.beginning(Channel.ROUNDS))) {
            Future<Boolean> interrupted = threads.submit(() -> {
                try {
                    reader.poll(Duration.ofMinutes(5));
                    return false;
                } catch (InterruptedException expected) {
                    return true;
                }
            });
            Thread.sleep(300);
            threads.shutdownNow();
            assertThat(interrupted.get()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anInterruptIsKeptWhileAReaderSaysItsPositionAndCloses() throws InterruptedException {
        Transport transport = connect();
        transport.append(Channel.SITES, frames("site-1", 0, 3));
        LogReader reader = transport.read(Channel.SITES, transport.beginning(Channel.SITES));
        Reading.next(reader, 3);
        Position before = reader.position();

        Thread.currentThread().interrupt();
        Position position = reader.position();
        reader.close();

        assertThat(Thread.interrupted()).as("interrupt flag kept").isTrue();
        assertThat(position).isEqualTo(before);
    }

    @Test
    void anInterruptedWriterSaysSo() {
        Transport transport = connect();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> transport.append(Channel.SITES, frames("site-a", 0, 1)));
        assertThat(Thread.interrupted()).as("interrupt flag left set").isFalse();
    }

    @Test
    void aPositionOfAnotherChannelIsRefused() {
        Transport transport = connect();
        Position contributions = transport.beginning(Channel.CONTRIBUTIONS);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> transport.read(Channel.ROUNDS, contributions))
                .withMessageContaining("ROUNDS");
    }

    private Transport connect() {
        Transport transport = federation.connect();
        open.add(transport);
        return transport;
    }

    private static Callable<Void> writing(Transport transport, int commits, int perCommit) {
        return () -> {
            try (AggregatorLog log = transport.aggregatorLog()) {
                for (int i = 0; i < commits; i++) {
                    log.commit(writes(Channel.ROUNDS, frames("aggregator", i * perCommit, perCommit)));
                }
            }
            return null;
        };
    }

    private static List<Write> writes(Channel channel, List<Frame> frames) {
        return frames.stream().map(frame -> new Write(channel, frame)).toList();
    }

    private static List<Frame> frames(String key, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> new Frame(
                        key,
                        Map.of("number", Integer.toString(i)),
                        ByteBuffer.wrap((key + " " + i).getBytes(StandardCharsets.UTF_8))))
                .toList();
    }

    private static Frame frame(String key, int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return new Frame(key, Map.of(), ByteBuffer.wrap(bytes));
    }
}
