package dev.tacita.client;

import static org.awaitility.Awaitility.await;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.ModelMessages;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.TensorAssembler;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** Writes what a test wants an aggregator to write, and hears what sites say. */
final class ScriptedAggregator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Position NOWHERE = new Position(List.of(0L));

    private final Transport transport;
    private final AggregatorLog log;
    private Optional<Hash> shared = Optional.empty();

    ScriptedAggregator(Transport transport) {
        this.transport = transport;
        this.log = transport.aggregatorLog();
    }

    RunId openRun(String name, String plan) {
        RunId run = new RunId(name);
        write(new RunOpened(run, plan, "test", Instant.now()));
        return run;
    }

    /** Sends this with every round from now on. */
    void share(float[] values) {
        sendModel(ModelMessages.of(values));
        shared = Optional.of(Tensors.sha256(values));
    }

    /** Names this with every round from now on, and sends nothing. */
    void share(Optional<Hash> name) {
        shared = name;
    }

    /** Sends the model, and opens the round. */
    RoundKey openRound(RunId run, int round, int attempt, float[] parameters, String... cohort) {
        sendModel(ModelMessages.of(parameters));
        return openRound(new RoundKey(run, round, attempt), Purpose.TRAIN, Tensors.sha256(parameters), cohort);
    }

    RoundKey openRound(RoundKey place, Purpose purpose, Hash model, String... cohort) {
        return openRound(place, purpose, model, Instant.now(), Duration.ofSeconds(60), cohort);
    }

    RoundKey openRound(RoundKey place, Purpose purpose, Hash model, Instant at, Duration open, String... cohort) {
        write(new RoundOpened(
                place,
                purpose,
                Arrays.stream(cohort).map(SiteId::new).toList(),
                model,
                1,
                at.plus(open),
                NOWHERE,
                at,
                cohort.length,
                shared));
        return place;
    }

    void closeRound(RoundKey place, Hash model, String... counted) {
        closeRound(place, RoundClosed.RoundOutcome.COMPLETED, model, counted);
    }

    void closeRound(RoundKey place, RoundClosed.RoundOutcome outcome, Hash model, String... counted) {
        write(new RoundClosed(
                place,
                outcome,
                Arrays.stream(counted)
                        .map(site -> new Counted(
                                new SiteId(site),
                                "a session",
                                1,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                1,
                                OptionalDouble.empty()))
                        .toList(),
                Map.of(),
                model,
                0,
                Instant.now(),
                OptionalDouble.empty(),
                shared));
    }

    void endRun(RunId run) {
        write(new RunEnded(run, RunEnded.RunOutcome.STOPPED, "the test says so", Optional.empty(), Instant.now()));
    }

    void admit(Hello hello) {
        write(new SiteJoined(hello, NOWHERE, Instant.now()));
    }

    void leaveOut(Hello hello) {
        write(new SiteLeft(hello.site(), hello.session(), "the test says so", NOWHERE, Instant.now()));
    }

    void sendModel(List<Frame> frames) {
        commit(frames.stream()
                .map(frame -> new AggregatorLog.Write(Channel.MODELS, frame))
                .toList());
    }

    void write(AggregatorMessage... messages) {
        commit(Arrays.stream(messages)
                .map(message -> new AggregatorLog.Write(Channel.of(message), MessageCodec.encode(message)))
                .toList());
    }

    void writeFrame(Channel channel, Frame frame) {
        commit(List.of(new AggregatorLog.Write(channel, frame)));
    }

    /** What sites have said, of one kind. */
    <T> List<T> heard(Channel channel, Class<T> kind) {
        List<T> heard = new ArrayList<>();
        try (LogReader reader = transport.read(channel, transport.beginning(channel))) {
            Position end = transport.end(channel);
            while (!reader.position().hasReached(end)) {
                for (Entry entry : reader.poll(Duration.ofMillis(100))) {
                    var message = MessageCodec.decode(entry.frame().bytes());
                    if (kind.isInstance(message)) {
                        heard.add(kind.cast(message));
                    }
                }
            }
        } catch (InterruptedException | RefusedMessageException e) {
            throw new AssertionError("a site's message cannot be read", e);
        }
        return heard;
    }

    /** Waits until sites have said so many of one kind. */
    <T> List<T> hear(Channel channel, Class<T> kind, int count) {
        return await("%d x %s".formatted(count, kind.getSimpleName()))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> heard(channel, kind), heard -> heard.size() >= count);
    }

    /** Waits for the answer of a site to a round. */
    ContributionHeader answer(RoundKey place, String site) {
        Predicate<ContributionHeader> matches =
                header -> header.place().equals(place) && header.site().value().equals(site);
        return await("an answer of %s to %s".formatted(site, place))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> heard(Channel.CONTRIBUTIONS, ContributionHeader.class).stream()
                                .filter(matches)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The values of a site's answer to a round. */
    float[] values(RoundKey place, String site, int elements) {
        ContributionHeader header = answer(place, site);
        try {
            TensorAssembler assembler = new TensorAssembler(header.tensor().orElseThrow(), elements);
            for (ContributionChunk chunk : heard(Channel.CONTRIBUTIONS, ContributionChunk.class)) {
                boolean mine = chunk.place().equals(place) && chunk.session().equals(header.session());
                if (mine && !assembler.isComplete()) {
                    assembler.add(chunk.chunk());
                }
            }
            return assembler.values();
        } catch (RefusedMessageException e) {
            throw new AssertionError("a contribution breaks the protocol", e);
        }
    }

    @Override
    public void close() {
        log.close();
    }

    private void commit(List<AggregatorLog.Write> writes) {
        try {
            log.commit(writes);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
