package dev.tacita.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.FederationId;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.testkit.Reading;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BrokerOutageTest {
    private static final FederationId FEDERATION = new FederationId("outage");
    private static final int MESSAGES = 60;

    /**
     * Held while a commit is under way, or the broker stops: a lone broker that stops in the middle of a commit may end its
     * transaction without the marker that readers wait for, and nothing that a client does then helps.
     */
    private final Semaphore commits = new Semaphore(1);

    @Test
    void writersAndReadersWaitAnOutageOut(@TempDir Path directory) throws Exception {
        LocalBroker broker = LocalBroker.start(LocalBrokerSettings.inTheClear(directory, 0));
        int port = broker.port();
        Map<String, String> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaTopics topics = KafkaTopics.of(FEDERATION, kafka, Duration.ofSeconds(20))) {
            topics.create(TopicSettings.ONE_BROKER);
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (KafkaTransport transport = KafkaTransport.connect(FEDERATION, kafka, KafkaTransportSettings.STANDARD)) {
            Future<Void> site = threads.submit(site(transport));
            Future<Void> aggregator = threads.submit(aggregator(transport));
            Future<List<Entry>> reader = threads.submit(reader(transport));
            Thread.sleep(1500);
            commits.acquire();
            broker.close();
            commits.release();
            Thread.sleep(8_000);
            assertThat(List.of(site.isDone(), aggregator.isDone(), reader.isDone()))
                    .as("done during the outage: site, aggregator, reader")
                    .containsOnly(false);
            broker = LocalBroker.start(LocalBrokerSettings.inTheClear(directory, port));
            site.get(60, TimeUnit.SECONDS);
            aggregator.get(60, TimeUnit.SECONDS);
            assertThat(reader.get(60, TimeUnit.SECONDS))
                    .extracting(Entry::frame)
                    .isEqualTo(frames());
            assertThat(Reading.all(transport, Channel.SITES))
                    .extracting(Entry::frame)
                    .isEqualTo(frames());
        } finally {
            threads.shutdownNow();
            broker.close();
        }
    }

    private static Callable<Void> site(KafkaTransport transport) {
        return () -> {
            for (Frame frame : frames()) {
                transport.append(Channel.SITES, List.of(frame));
                Thread.sleep(50);
            }
            return null;
        };
    }

    private Callable<Void> aggregator(KafkaTransport transport) {
        return () -> {
            try (AggregatorLog log = transport.aggregatorLog()) {
                for (Frame frame : frames()) {
                    commits.acquire();
                    log.commit(List.of(new AggregatorLog.Write(Channel.ROUNDS, frame)));
                    commits.release();
                    Thread.sleep(50);
                }
            }
            return null;
        };
    }

    private static Callable<List<Entry>> reader(KafkaTransport transport) {
        return () -> {
            List<Entry> entries = new ArrayList<>();
            try (LogReader reader = transport.read(Channel.ROUNDS, transport.beginning(Channel.ROUNDS))) {
                while (entries.size() < MESSAGES) {
                    entries.addAll(reader.poll(Duration.ofSeconds(1)));
                }
            }
            return entries;
        };
    }

    private static List<Frame> frames() {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] bytes = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            frames.add(new Frame("key", Map.of(), ByteBuffer.wrap(bytes)));
        }
        return frames;
    }
}
