package dev.tacita.kafka;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import dev.tacita.core.Problem;
import dev.tacita.wire.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;

/** Holds one topic against what its channel needs. */
final class TopicCheck {
    private static final String FOR_EVER = "-1";

    private final Channel channel;
    private final String name;
    private final TopicDescription description;
    private final Config config;
    private final List<Problem> problems = new ArrayList<>();

    TopicCheck(Channel channel, String name, TopicDescription description, Config config) {
        this.channel = channel;
        this.name = name;
        this.description = description;
        this.config = config;
    }

    List<Problem> problems() {
        int partitions = description.partitions().size();
        if (channel != Channel.CONTRIBUTIONS && partitions != 1) {
            problems.add(new Problem(
                    "topic " + name,
                    "must have 1 partition, so that it is in order as a whole. Provided value: " + partitions + ".",
                    "Delete it while it is empty and have it created anew."));
        }
        check(CLEANUP_POLICY_CONFIG, "delete", "delete"::equals);
        check(MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime", "LogAppendTime"::equals);
        String largest = Integer.toString(KafkaTopics.largestRecord());
        check(MAX_MESSAGE_BYTES_CONFIG, largest, value -> Long.parseLong(value) >= KafkaTopics.largestRecord());
        if (channel == Channel.ROUNDS) {
            check(RETENTION_MS_CONFIG, FOR_EVER, FOR_EVER::equals);
            check(RETENTION_BYTES_CONFIG, FOR_EVER, FOR_EVER::equals);
        }
        return problems;
    }

    private void check(String key, String needed, Predicate<String> isGood) {
        ConfigEntry entry = config.get(key);
        String value = entry == null ? "" : String.valueOf(entry.value());
        if (!isGood.test(value)) {
            String why = channel == Channel.ROUNDS && needed.equals(FOR_EVER) ? ", or runs would be forgotten" : "";
            problems.add(new Problem(
                    "topic " + name,
                    key + " must be " + needed + why + ". Provided value: " + value + ".",
                    "Set it: kafka-configs.sh --alter --entity-type topics --entity-name " + name + " --add-config "
                            + key + "=" + needed));
        }
    }
}
