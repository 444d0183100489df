package dev.tacita.cli;

import dev.tacita.kafka.KafkaTransportSettings;
import java.time.Duration;

/** How long the command line waits for a cluster before it says that none answers. */
final class Connection {
    /** Ten seconds: a person is waiting. */
    static final KafkaTransportSettings FIRST =
            new KafkaTransportSettings(Duration.ofSeconds(10), KafkaTransportSettings.STANDARD.transactionTimeout());

    private Connection() {}
}
