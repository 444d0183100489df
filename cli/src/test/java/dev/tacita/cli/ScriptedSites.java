package dev.tacita.cli;

import dev.tacita.core.FederationId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.ContributionMessages;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SharedMetrics;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A process of 64 sites. They answer each round with known values, four at a time with their chunks in turn. */
final class ScriptedSites implements AutoCloseable {
    static final int SITES = 64;
    static final int PARAMETERS = 2500 * 2500;
    static final int PERIOD = 20011;
    private static final int AT_ONCE = 4;
    private static final int APPENDERS = 3;

    private final Transport transport;
    private final ExecutorService threads = Executors.newFixedThreadPool(APPENDERS);

    private ScriptedSites(Transport transport) {
        this.transport = transport;
    }

    /**
     * Says hello for all and answers until the process is killed.
     *
     * @param arguments the federation, and its bootstrap servers
     */
    public static void main(String[] arguments) throws Exception {
        Logs.quiet();
        try (KafkaTransport transport = KafkaTransport.connect(
                        new FederationId(arguments[0]),
                        Map.of("bootstrap.servers", arguments[1]),
                        KafkaTransportSettings.STANDARD);
                ScriptedSites sites = new ScriptedSites(transport)) {
            transport.append(Channel.SITES, all().mapToObj(ScriptedSites::hello).toList());
            sites.listen();
        }
    }

    static IntStream all() {
        return IntStream.range(0, SITES);
    }

    static long weight(int site) {
        return 1 + site * 37L % 101;
    }

    static float value(int site, int index) {
        return ((site * 7919L + index % PERIOD * 104729L) % PERIOD - PERIOD / 2) / 65536f;
    }

    private void listen() throws InterruptedException, RefusedMessageException, ExecutionException {
        try (LogReader rounds = transport.read(Channel.ROUNDS, transport.beginning(Channel.ROUNDS))) {
            while (true) {
                for (Entry entry : rounds.poll(Duration.ofMillis(200))) {
                    if (MessageCodec.decode(entry.frame().bytes()) instanceof RoundOpened opened) {
                        answer(opened);
                    }
                }
            }
        }
    }

    private void answer(RoundOpened opened) throws InterruptedException, ExecutionException {
        if (opened.purpose() == Purpose.EVALUATE) {
            for (int site = 0; site < SITES; site++) {
                transport.append(
                        Channel.CONTRIBUTIONS,
                        ContributionMessages.evaluation(
                                opened.place(), id(site), "s", Protection.PLAIN, SharedMetrics.NONE, 1));
            }
            return;
        }
        List<Future<?>> groups = new ArrayList<>();
        for (int first = 0; first < SITES; first += AT_ONCE) {
            int group = first;
            groups.add(threads.submit((Callable<Void>) () -> {
                transport.append(Channel.CONTRIBUTIONS, inTurn(opened.place(), group));
                return null;
            }));
        }
        for (Future<?> group : groups) {
            group.get();
        }
    }

    private static List<Frame> inTurn(RoundKey place, int first) {
        List<List<Frame>> contributions = IntStream.range(first, first + AT_ONCE)
                .mapToObj(site -> contribution(place, site))
                .toList();
        return new AbstractList<>() {
            @Override
            public Frame get(int index) {
                return contributions.get(index % AT_ONCE).get(index / AT_ONCE);
            }

            @Override
            public int size() {
                return AT_ONCE * contributions.get(0).size();
            }
        };
    }

    private static List<Frame> contribution(RoundKey place, int site) {
        float[] values = new float[PARAMETERS];
        for (int i = 0; i < PERIOD; i++) {
            values[i] = value(site, i);
        }
        for (int done = PERIOD; done < PARAMETERS; done += PERIOD) {
            System.arraycopy(values, 0, values, done, Math.min(PERIOD, PARAMETERS - done));
        }
        var update = new ModelUpdate(values, weight(site))
                .withoutClipping()
                .encode(FixedPoint.STANDARD)
                .plainForEveryoneToRead();
        return ContributionMessages.training(
                place, id(site), "s", update, SharedMetrics.NONE, 1, OptionalDouble.empty());
    }

    private static SiteId id(int site) {
        return new SiteId(String.format(Locale.ROOT, "site-%02d", site));
    }

    private static Frame hello(int site) {
        return MessageCodec.encode(
                new Hello(id(site), "s", "1", List.of(new DatasetOffer("cases", 100, Optional.empty()))));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
