package dev.tacita.kafkalocal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One Kafka broker with its controller in this JVM, reachable from this machine only. What was written outlives the
 * process; whether it outlives a power cut is up to the operating system, and there is no second copy: not for a
 * federation across machines.
 */
public final class LocalBroker implements AutoCloseable {
    private static final int TRIES = 5;

    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it answers.
     *
     * @throws LocalBrokerException if the port is taken, the directory cannot be used, or the server fails
     */
    public static LocalBroker start(LocalBrokerSettings settings) {
        for (int left = TRIES; ; left--) {
            int port = Ports.free(settings.port());
            try {
                return start(settings, port);
            } catch (LocalBrokerException failed) {
                // Somebody may take a free port between our finding it and using it.
                if (left == 1 || !isTaken(failed)) {
                    throw failed;
                }
            }
        }
    }

    private static LocalBroker start(LocalBrokerSettings settings, int port) {
        Path directory = settings.directory();
        KafkaConfig config = KafkaConfig.fromProps(BrokerProperties.of(settings, port, Ports.free(0)), false);
        format(directory);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException | Error failed) {
            server.shutdown();
            throw new LocalBrokerException(
                    "the broker cannot start on port " + port + " in " + directory + ": " + failed.getMessage(),
                    failed);
        }
        return new LocalBroker(server, port);
    }

    private static void format(Path directory) {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            new Formatter()
                    .setPrintStream(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
                    .setNodeId(BrokerProperties.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerProperties.CONTROLLER)
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .run();
        } catch (Exception failed) {
            throw new LocalBrokerException(
                    "the broker's directory must be usable. Provided value: " + directory + ": " + failed, failed);
        }
    }

    private static boolean isTaken(Throwable failed) {
        return failed instanceof BindException || (failed.getCause() != null && isTaken(failed.getCause()));
    }

    /** For the client property {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return Ports.HOST + ":" + port;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Stops the broker and frees its ports; what was written stays in the directory. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }
}
