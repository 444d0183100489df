package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Protection;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.server.RunState.Status;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.ModelHeader;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** An aggregator, and sites that say what a test lets them say. */
final class Federation implements AutoCloseable {
    static final String SESSION = "first-life";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final InMemoryTransport transport;
    final ManualClock clock = new ManualClock();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final Path runs;
    private final int threads;
    private final LogReader journal;
    private final Deque<AggregatorMessage> unread = new ArrayDeque<>();
    private Optional<Aggregator> aggregator = Optional.empty();

    Federation(Path runs, int partitions, int threads) throws InterruptedException {
        this.transport = new InMemoryTransport(partitions);
        this.runs = runs;
        this.threads = threads;
        this.journal = transport.read(Channel.ROUNDS, transport.beginning(Channel.ROUNDS));
    }

    static Federation started(Path runs) throws InterruptedException {
        Federation federation = new Federation(runs, 1, 1);
        federation.start(federation.transport);
        return federation;
    }

    Aggregator start(Transport over) throws InterruptedException {
        return start(over, AggregatorListener.SILENT);
    }

    Aggregator start(Transport over, Map<String, PrivacyBudget> budgets) throws InterruptedException {
        return start(over, new AggregatorSettings(runs, threads, budgets, Optional.empty()), AggregatorListener.SILENT);
    }

    Aggregator start(Transport over, AggregatorListener listener) throws InterruptedException {
        return start(over, new AggregatorSettings(runs, threads), listener);
    }

    private Aggregator start(Transport over, AggregatorSettings settings, AggregatorListener listener)
            throws InterruptedException {
        Aggregator started = Aggregator.start(new FederationId("test"), over, settings, clock, meters, listener);
        aggregator = Optional.of(started);
        return started;
    }

    Aggregator aggregator() {
        return aggregator.orElseThrow();
    }

    /** The next message of the journal of this kind that fits; those before it are passed over. */
    <T extends AggregatorMessage> T await(Class<T> kind, Predicate<T> fits) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<AggregatorMessage> passed = new ArrayList<>();
        while (System.nanoTime() < until) {
            Optional<AggregatorMessage> next = poll(Duration.ofMillis(50));
            if (next.isPresent()) {
                if (kind.isInstance(next.get()) && fits.test(kind.cast(next.get()))) {
                    return kind.cast(next.get());
                }
                passed.add(next.get());
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " came; there were " + passed + "; waiting: "
                + aggregator().waitingFor());
    }

    <T extends AggregatorMessage> T await(Class<T> kind) throws InterruptedException {
        return await(kind, message -> true);
    }

    /** Waits until the run stands there: a decision is in the journal before it takes effect. */
    void awaitStatus(RunId run, Status status) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!aggregator().status(run).equals(Optional.of(status)) && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(aggregator().status(run)).contains(status);
    }

    /** The next message of the journal, if one comes in time. */
    Optional<AggregatorMessage> poll(Duration timeout) throws InterruptedException {
        if (unread.isEmpty()) {
            for (Entry entry : journal.poll(timeout)) {
                unread.add((AggregatorMessage) decode(entry));
            }
        }
        return Optional.ofNullable(unread.poll());
    }

    /** The whole journal. */
    List<AggregatorMessage> journal() throws InterruptedException {
        List<AggregatorMessage> all = new ArrayList<>();
        try (LogReader reader = transport.read(Channel.ROUNDS, transport.beginning(Channel.ROUNDS))) {
            while (!reader.position().hasReached(transport.end(Channel.ROUNDS))) {
                for (Entry entry : reader.poll(Duration.ofSeconds(1))) {
                    all.add((AggregatorMessage) decode(entry));
                }
            }
        }
        return all;
    }

    /** How often values of this hash were written where models are. */
    int timesWritten(Hash hash) throws InterruptedException {
        int times = 0;
        try (LogReader reader = transport.read(Channel.MODELS, transport.beginning(Channel.MODELS))) {
            while (!reader.position().hasReached(transport.end(Channel.MODELS))) {
                for (Entry entry : reader.poll(Duration.ofSeconds(1))) {
                    times += decode(entry) instanceof ModelHeader header
                                    && header.model().equals(hash)
                            ? 1
                            : 0;
                }
            }
        }
        return times;
    }

    private static Message decode(Entry entry) {
        try {
            return MessageCodec.decode(entry.frame().bytes());
        } catch (RefusedMessageException e) {
            throw new AssertionError(e);
        }
    }

    RunId submit(String plan) {
        return aggregator().submit(plan).join();
    }

    void hello(String... sites) throws InterruptedException {
        for (String site : sites) {
            helloAs(site, SESSION);
        }
    }

    void helloAs(String site, String session) throws InterruptedException {
        var offer = new DatasetOffer("cases", Optional.of(100L), Optional.empty());
        say(Channel.SITES, new Hello(new SiteId(site), session, "1", List.of(offer)));
    }

    void say(Channel channel, Message... messages) throws InterruptedException {
        transport.append(
                channel, Arrays.stream(messages).map(MessageCodec::encode).toList());
    }

    void send(List<Frame> frames) throws InterruptedException {
        transport.append(Channel.CONTRIBUTIONS, frames);
    }

    /** Each site of the cohort answers, in order. */
    void answerAll(RoundOpened round, int size) throws InterruptedException {
        for (SiteId site : round.cohort()) {
            send(frames(answer(round, site, size)));
        }
    }

    /** What a site answers: an update that depends on the site and the round only. */
    static List<Message> answer(RoundOpened round, SiteId site, int size) {
        boolean train = round.purpose() == Purpose.TRAIN;
        return train
                ? contribution(
                        round,
                        site,
                        SESSION,
                        weight(site),
                        update(site, round.place().round(), size))
                : List.of(header(round, site, SESSION, 0, Optional.empty()));
    }

    static List<Message> contribution(RoundOpened round, SiteId site, String session, long weight, float[] values) {
        TensorHeader tensor = Tensors.header(values);
        List<Message> messages = new ArrayList<>();
        messages.add(header(round, site, session, weight, Optional.of(tensor)));
        for (int i = 0; i < tensor.chunks().size(); i++) {
            messages.add(new ContributionChunk(round.place(), site, session, Tensors.chunk(values, i)));
        }
        return messages;
    }

    static ContributionHeader header(
            RoundOpened round, SiteId site, String session, long weight, Optional<TensorHeader> tensor) {
        var metrics = Optional.of(new Evaluation(10, 4.5, 7));
        return new ContributionHeader(
                round.place(),
                site,
                session,
                Protection.PLAIN,
                weight,
                tensor,
                metrics,
                metrics,
                metrics,
                0.25,
                OptionalDouble.empty());
    }

    static List<Frame> frames(List<? extends Message> messages) {
        return messages.stream().map(MessageCodec::encode).toList();
    }

    static float[] update(SiteId site, int round, int size) {
        var random = new SplittableRandom(site.value().hashCode() * 1000L + round);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextGaussian() * 0.1);
        }
        return values;
    }

    static long weight(SiteId site) {
        return 10L + Math.floorMod(site.value().hashCode(), 990);
    }

    /** Frames of several senders in one order that keeps each sender's. */
    static List<Frame> interleaved(List<List<Frame>> senders, RandomGenerator random) {
        List<Deque<Frame>> left = new ArrayList<>();
        senders.forEach(frames -> left.add(new ArrayDeque<>(frames)));
        List<Frame> order = new ArrayList<>();
        while (!left.isEmpty()) {
            int sender = random.nextInt(left.size());
            order.add(left.get(sender).remove());
            left.removeIf(Deque::isEmpty);
        }
        return order;
    }

    double refused(RefusedMessageException.Reason reason) {
        return Optional.ofNullable(meters.find("tacita.messages.refused")
                        .tag("reason", reason.name())
                        .counter())
                .map(Counter::count)
                .orElse(0.0);
    }

    double refused() {
        return meters.find("tacita.messages.refused").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** A plan for models of inputs * units + units parameters. */
    static String plan(int inputs, int units, int rounds, int quorum, int sites, String algorithm) {
        return """
                name: Test run
                dataset: cases
                model:
                  input: [%d]
                  layers:
                    - dense: {units: %d, initializer: fan-in-uniform}
                loss: mean-squared-error
                algorithm:
                %s
                rounds: %d
                quorum: %d
                sites: %d
                retries: 2
                deadline: 60s
                protection: plain
                privacy: none
                seed: 7
                """.formatted(inputs, units, algorithm.indent(2).stripTrailing(), rounds, quorum, sites);
    }

    static final String FEDAVG = """
            fedavg:
              epochs: 1
              batch-size: 10
              optimizer: {sgd: {learning-rate: 0.1}}
            """;

    /** Remembers two numbers for each parameter. */
    static final String FEDADAM = """
            fedadam:
              epochs: 1
              batch-size: 10
              optimizer: {sgd: {learning-rate: 0.1}}
              server-learning-rate: 0.05
            """;

    /** Shares a number for each parameter, and is sent two. */
    static final String SCAFFOLD = """
            scaffold:
              weighting: examples
              epochs: 1
              batch-size: 10
              optimizer: {sgd: {learning-rate: 0.1}}
            """;

    static final String FEDSGD = """
            fedsgd:
              learning-rate: 0.5
            """;

    void assertAlive() {
        assertThat(aggregator().ended()).isNotDone();
    }

    /** Lets the aggregator finish what it is at, and ends it. */
    void end() {
        aggregator().close();
    }

    @Override
    public void close() {
        aggregator.ifPresent(Aggregator::close);
    }
}
