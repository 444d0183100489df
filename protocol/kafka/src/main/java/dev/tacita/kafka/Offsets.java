package dev.tacita.kafka;

import dev.tacita.wire.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the cluster for places, as readers of committed entries see them. */
final class Offsets {
    private static final Logger LOG = LoggerFactory.getLogger(Offsets.class);
    private static final long PAUSE_MILLISECONDS = 2;
    private static final Duration LONG_WAIT = Duration.ofSeconds(30);

    private final Admin admin;
    private final Waiting waiting;

    Offsets(Admin admin, Waiting waiting) {
        this.admin = admin;
        this.waiting = waiting;
    }

    Position find(String topic, int partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            question.put(new TopicPartition(topic, i), spec);
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        ask("cannot find a place in " + topic, question)
                .forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
        return new Position(List.copyOf(offsets.values()));
    }

    /**
     * Returns when readers see the entries at these offsets. A transaction is certain before its entries are seen:
     * the cluster marks each partition on its own, a few milliseconds later.
     */
    void awaitCommitted(Map<TopicPartition, Long> written) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        written.keySet().forEach(partition -> question.put(partition, OffsetSpec.latest()));
        long warnAt = System.nanoTime() + LONG_WAIT.toNanos();
        while (!areSeen(written, ask("cannot see the end of a commit", question))) {
            Thread.sleep(PAUSE_MILLISECONDS);
            if (System.nanoTime() - warnAt >= 0) {
                warnAt += LONG_WAIT.toNanos();
                LOG.warn(
                        "a commit to {} is durable, but the cluster has not ended its transaction, so nobody can read it."
                                + " If this goes on, run Kafka's kafka-transactions.sh find-hanging and abort",
                        written.keySet());
            }
        }
    }

    private static boolean areSeen(Map<TopicPartition, Long> written, Map<TopicPartition, ListOffsetsResultInfo> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> end.getValue().offset() > written.getOrDefault(end.getKey(), Long.MAX_VALUE));
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ask(String doing, Map<TopicPartition, OffsetSpec> question) {
        return waiting.patiently(
                doing,
                () -> admin.listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all());
    }
}
