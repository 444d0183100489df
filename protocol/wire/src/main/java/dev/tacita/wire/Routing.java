package dev.tacita.wire;

import java.util.Locale;
import java.util.Map;

/** What stands beside the bytes of a message. One key for the whole journal, so that it is in order as a whole. */
final class Routing {
    private static final String JOURNAL = "aggregator";

    private Routing() {}

    static Channel channel(Message message) {
        if (message instanceof SiteMessage) {
            return isContribution(message) ? Channel.CONTRIBUTIONS : Channel.SITES;
        }
        return isModel(message) ? Channel.MODELS : Channel.ROUNDS;
    }

    static String key(Message message) {
        if (message instanceof SiteMessage said) {
            return said.site().value();
        }
        if (message instanceof AggregatorMessage.ModelHeader header) {
            return header.model().toString();
        }
        if (message instanceof AggregatorMessage.ModelChunk chunk) {
            return chunk.model().toString();
        }
        return JOURNAL;
    }

    static Map<String, String> headers(Message message, MessageKind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (message instanceof SiteMessage.ContributionHeader header) {
            return contribution(name, header.place());
        }
        if (message instanceof SiteMessage.ContributionChunk chunk) {
            return contribution(name, chunk.place());
        }
        if (message instanceof SiteMessage.StageAnswer answer) {
            return contribution(name, answer.place());
        }
        return Map.of("kind", name);
    }

    private static Map<String, String> contribution(String name, RoundKey place) {
        return Map.of(
                "kind",
                name,
                "run",
                place.run().value(),
                "round",
                Integer.toString(place.round()),
                "attempt",
                Integer.toString(place.attempt()));
    }

    private static boolean isContribution(Message message) {
        return message instanceof SiteMessage.ContributionHeader
                || message instanceof SiteMessage.ContributionChunk
                || message instanceof SiteMessage.StageAnswer;
    }

    private static boolean isModel(Message message) {
        return message instanceof AggregatorMessage.ModelHeader || message instanceof AggregatorMessage.ModelChunk;
    }
}
