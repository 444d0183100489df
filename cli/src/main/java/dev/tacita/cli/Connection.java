package dev.tacita.cli;

import dev.tacita.client.SiteConfig;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.wire.TransportException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long the command line waits for a cluster before it says that none answers. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Ten seconds: a person is waiting. */
    static final KafkaTransportSettings FIRST =
            new KafkaTransportSettings(Duration.ofSeconds(10), KafkaTransportSettings.STANDARD.transactionTimeout());

    private static final long RETRY_MILLISECONDS = 1_000;

    private Connection() {}

    /**
     * A site's connection to its federation.
     *
     * @param wait for a broker or topics that are not there yet, however long
     * @throws TransportException if they are not there, and this does not wait
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    static KafkaTransport of(SiteConfig site, boolean wait) throws InterruptedException {
        KafkaTransportSettings patience = wait ? KafkaTransportSettings.STANDARD : FIRST;
        while (true) {
            try {
                return KafkaTransport.connect(site.federation(), site.kafkaProperties(), patience);
            } catch (TransportException e) {
                if (!wait) {
                    throw e;
                }
                LOG.warn("{} Trying again.", e.getMessage());
                Thread.sleep(RETRY_MILLISECONDS);
            }
        }
    }
}
