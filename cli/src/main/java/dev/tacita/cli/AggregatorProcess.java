package dev.tacita.cli;

import dev.tacita.core.Problem;
import dev.tacita.kafka.KafkaTopics;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.kafka.TopicSettings;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorApi;
import dev.tacita.server.AggregatorConfig;
import dev.tacita.server.ApiSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The aggregator, its topics and its API, put together over Kafka in this process. */
final class AggregatorProcess {
    private static final Logger LOG = LoggerFactory.getLogger(AggregatorProcess.class);

    private final Aggregator aggregator;
    private final AggregatorApi api;

    private AggregatorProcess(Aggregator aggregator, AggregatorApi api) {
        this.aggregator = aggregator;
        this.api = api;
    }

    /** Starts all; {@code shutdown} closes it. */
    static AggregatorProcess start(AggregatorConfig config, Shutdown shutdown)
            throws IOException, InterruptedException {
        checkAddress(config.api());
        Duration patience = Connection.FIRST.connectTimeout();
        try (KafkaTopics topics = KafkaTopics.of(config.federation(), config.kafka(), patience)) {
            topics.create(new TopicSettings(
                    config.topics().contributionPartitions(),
                    config.topics().replicationFactor(),
                    TopicSettings.ONE_BROKER.retention()));
            for (Problem problem : topics.problems()) {
                LOG.warn("{}", problem);
            }
        }
        KafkaTransport transport = shutdown.add(
                KafkaTransport.connect(config.federation(), config.kafka(), KafkaTransportSettings.STANDARD));
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Aggregator aggregator = shutdown.add(Aggregator.start(
                config.federation(), transport, config.settings(), Clock.systemUTC(), meters, new DecisionLog()));
        AggregatorApi api = shutdown.add(AggregatorApi.start(aggregator, meters, config.api()));
        return new AggregatorProcess(aggregator, api);
    }

    /** Before this process takes over from an aggregator that is at work, and then cannot serve. */
    private static void checkAddress(ApiSettings api) {
        InetSocketAddress address = new InetSocketAddress(api.host(), api.port());
        if (address.isUnresolved()) {
            throw new UnusableException(
                    "api.host must be a name or address of this machine. Provided value: " + api.host() + ".");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new UnusableException("api.port must be free on " + api.host() + ", an address of this machine."
                    + " Provided value: " + api.port() + " (" + e.getMessage() + ").");
        }
    }

    Aggregator aggregator() {
        return aggregator;
    }

    URI address() {
        InetSocketAddress address = api.address();
        String host = address.getAddress() instanceof Inet6Address
                ? "[" + address.getHostString() + "]"
                : address.getHostString();
        return URI.create("http://" + host + ":" + address.getPort());
    }

    CompletableFuture<Void> ended() {
        return aggregator.ended();
    }
}
