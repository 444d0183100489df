package dev.tacita.server;

import dev.tacita.core.FederationId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.Channel;
import dev.tacita.wire.ElementType;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.TensorChunk;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The program of {@link ManySitesTest}: 64 sites send 25 MB each, all at once, to an aggregator in this process. The
 * chunks are made when they are read, as a broker on another machine would hand them over.
 */
final class ManySites {
    static final int SITES = 64;
    static final int SIZE = 2500 * 2500 + 2500;
    private static final int CHUNK = TensorHeader.CHUNK_BYTES / Float.BYTES;
    private static final int CHUNKS = (SIZE + CHUNK - 1) / CHUNK;
    private static final int AT_ONCE = 16;

    private ManySites() {}

    /** Prints the seconds that the round took; ends with 1 if the model is not the right one. */
    public static void main(String[] arguments) throws Exception {
        String plan = Federation.plan(2500, 2500, 1, SITES, SITES, Federation.FEDAVG);
        CompletableFuture<RunEnded> ended = new CompletableFuture<>();
        long[] began = new long[2];
        var transport = new LazyTransport();
        var settings = new AggregatorSettings(Path.of(arguments[0]), 2);
        try (Aggregator aggregator = Aggregator.start(
                new FederationId("test"),
                transport,
                settings,
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                message -> {
                    if (message instanceof RoundOpened opened) {
                        began[opened.place().round() - 1] = System.nanoTime();
                        transport.open(opened);
                    } else if (message instanceof RunEnded end) {
                        ended.complete(end);
                    }
                })) {
            List<Frame> hellos = new ArrayList<>();
            for (int site = 0; site < SITES; site++) {
                var offer = new DatasetOffer("cases", Optional.of(100L), Optional.empty());
                hellos.add(MessageCodec.encode(new Hello(site(site), "s", "1", List.of(offer))));
            }
            transport.append(Channel.SITES, hellos);
            aggregator.submit(plan.replace("deadline: 60s", "deadline: 600s")).join();
            ended.get(300, TimeUnit.SECONDS);
        }
        System.out.printf(
                "%d sites, %d bytes each, %.1f s, heap %d MB%n",
                SITES,
                4L * SIZE,
                (began[1] - began[0]) / 1e9,
                Runtime.getRuntime().maxMemory() >> 20);
        Optional<Hash> model = ended.get().model();
        transport.forget();
        System.exit(model.equals(Optional.of(expected(Plans.read(plan)))) ? 0 : 1);
    }

    private static SiteId site(int number) {
        return new SiteId(String.format("site-%02d", number));
    }

    private static float value(int site, int index) {
        return ((site * 7919 + index * 104729) % 20011 - 10005) / 65536f;
    }

    /** Each chunk of a site has the same values, so that one pass gives the hashes of all. */
    private static byte[] chunk(int site, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length / Float.BYTES; i++) {
            bytes.putFloat(value(site, i));
        }
        return bytes.array();
    }

    private static int length(int chunk) {
        return chunk < CHUNKS - 1 ? TensorHeader.CHUNK_BYTES : Float.BYTES * (SIZE - CHUNK * (CHUNKS - 1));
    }

    private static Hash expected(RunPlan plan) {
        long[] sum = new long[CHUNK];
        long total = 0;
        for (int site = 0; site < SITES; site++) {
            total += site + 1;
            for (int i = 0; i < CHUNK; i++) {
                sum[i] += (site + 1) * plan.encoding().encode(value(site, i));
            }
        }
        double[] mean = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            mean[i] = plan.encoding().mean(sum[i % CHUNK], total);
        }
        float[] first =
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
        ServerState after =
                plan.algorithm().step(ServerState.first(plan.algorithm(), first), RoundMean.ofAll(mean, 1, SITES));
        return Tensors.sha256(after.parameters());
    }

    /** In memory, but for contributions, which are made as they are read: chunk 0 of each site, then chunk 1, ... */
    private static final class LazyTransport implements Transport {
        private InMemoryTransport inner = new InMemoryTransport(1);
        private final List<RoundOpened> rounds = new ArrayList<>();

        synchronized void open(RoundOpened round) {
            rounds.add(round);
        }

        void forget() {
            inner = new InMemoryTransport(1);
        }

        private static long entries(RoundOpened round) {
            return round.purpose() == Purpose.TRAIN ? (long) SITES * (1 + CHUNKS) : SITES;
        }

        synchronized long size() {
            return rounds.stream().mapToLong(LazyTransport::entries).sum();
        }

        private synchronized Entry entry(long offset) {
            long left = offset;
            for (RoundOpened round : rounds) {
                if (left < entries(round)) {
                    Message message = message(round, (int) (left / SITES) - 1, (int) (left % SITES));
                    return new Entry(0, offset, Instant.EPOCH, MessageCodec.encode(message));
                }
                left -= entries(round);
            }
            throw new IllegalArgumentException("no entry " + offset);
        }

        private static Message message(RoundOpened round, int chunk, int site) {
            if (chunk >= 0) {
                ByteBuffer bytes = ByteBuffer.wrap(chunk(site, length(chunk)));
                return new ContributionChunk(round.place(), site(site), "s", new TensorChunk(chunk, bytes));
            }
            Optional<TensorHeader> tensor =
                    round.purpose() == Purpose.TRAIN ? Optional.of(header(site)) : Optional.empty();
            return new ContributionHeader(
                    round.place(),
                    site(site),
                    "s",
                    Protection.PLAIN,
                    tensor.isPresent() ? site + 1 : 0,
                    tensor,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    1,
                    OptionalDouble.empty());
        }

        private static TensorHeader header(int site) {
            Hash full = Tensors.sha256(ByteBuffer.wrap(chunk(site, length(0))));
            Hash last = Tensors.sha256(ByteBuffer.wrap(chunk(site, length(CHUNKS - 1))));
            List<Hash> hashes = new ArrayList<>();
            for (int i = 0; i < CHUNKS; i++) {
                hashes.add(i < CHUNKS - 1 ? full : last);
            }
            return new TensorHeader(ElementType.FLOAT32, SIZE, hashes);
        }

        @Override
        public void append(Channel channel, List<Frame> frames) throws InterruptedException {
            inner.append(channel, frames);
        }

        @Override
        public AggregatorLog aggregatorLog() {
            return inner.aggregatorLog();
        }

        @Override
        public LogReader read(Channel channel, Position from) {
            return channel == Channel.CONTRIBUTIONS ? new Reader(from.offsets().get(0)) : inner.read(channel, from);
        }

        @Override
        public Position beginning(Channel channel) {
            return inner.beginning(channel);
        }

        @Override
        public Position end(Channel channel) {
            return channel == Channel.CONTRIBUTIONS ? new Position(List.of(size())) : inner.end(channel);
        }

        @Override
        public void close() {}

        private final class Reader implements LogReader {
            private long next;

            Reader(long from) {
                this.next = from;
            }

            @Override
            public List<Entry> poll(Duration timeout) throws InterruptedException {
                List<Entry> entries = new ArrayList<>();
                long end = Math.min(size(), next + AT_ONCE);
                while (next < end) {
                    entries.add(entry(next));
                    next++;
                }
                if (entries.isEmpty()) {
                    Thread.sleep(timeout.toMillis());
                }
                return entries;
            }

            @Override
            public Position position() {
                return new Position(List.of(next));
            }

            @Override
            public void close() {}
        }
    }
}
