package dev.tacita.cli;

import dev.tacita.client.Participant;
import dev.tacita.client.SiteConfig;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A site of this process that sets the pace of a run, so that what a test does to other processes comes in the middle
 * of a round, however fast the machine is. It trains as every site does, and answers a little later: while a round is
 * held, as late as it may be without missing the deadline.
 */
final class PacingSite implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(250);
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);

    private final KafkaTransport transport;
    private final Participant participant;
    private volatile boolean holding;
    private volatile boolean held;

    PacingSite(SiteConfig config) throws InterruptedException {
        transport =
                KafkaTransport.connect(config.federation(), config.kafkaProperties(), KafkaTransportSettings.STANDARD);
        participant = Participant.builder()
                .config(config)
                .transport(transport)
                .trainer(new PacedTrainer())
                .build();
        participant.start();
    }

    /** Slows the run down from its next round on. */
    void hold() {
        holding = true;
    }

    /** Returns in the middle of a round. */
    void awaitHeldRound(Duration limit) {
        Awaitility.await("a round that is held")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> held);
    }

    void release() {
        holding = false;
    }

    @Override
    public void close() {
        participant.close();
        transport.close();
    }

    private final class PacedTrainer implements LocalTrainer {
        private final EngineTrainer engine = new EngineTrainer();

        @Override
        public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
            LocalResult result = engine.train(task, train);
            Thread.sleep(STEP.toMillis());
            long start = System.nanoTime();
            try {
                while (holding && System.nanoTime() - start < LONGEST_HOLD.toNanos()) {
                    held = true;
                    Thread.sleep(20);
                }
            } finally {
                held = false;
            }
            return result;
        }

        @Override
        public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
            return engine.evaluate(task, examples);
        }
    }
}
