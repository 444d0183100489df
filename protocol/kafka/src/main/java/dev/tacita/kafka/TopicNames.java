package dev.tacita.kafka;

import dev.tacita.core.FederationId;
import dev.tacita.wire.Channel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The topic of each channel. */
final class TopicNames {
    private TopicNames() {}

    static String of(FederationId federation, Channel channel) {
        return "tacita." + federation + "." + channel.name().toLowerCase(Locale.ROOT);
    }

    static List<String> all(FederationId federation) {
        return Arrays.stream(Channel.values())
                .map(channel -> of(federation, channel))
                .toList();
    }
}
