package dev.tacita.wire;

import java.util.HashMap;
import java.util.Map;

/** The number of each kind of message on the wire, and the version this side writes. Older ones are read. Numbers are for ever. */
enum MessageKind {
    HELLO(1, 2, SiteMessage.Hello.class),
    GOODBYE(2, 1, SiteMessage.Goodbye.class),
    REFUSAL(3, 1, SiteMessage.Refusal.class),
    CONTRIBUTION_HEADER(4, 2, SiteMessage.ContributionHeader.class),
    CONTRIBUTION_CHUNK(5, 1, SiteMessage.ContributionChunk.class),
    STAGE_ANSWER(6, 1, SiteMessage.StageAnswer.class),
    SITE_JOINED(16, 2, AggregatorMessage.SiteJoined.class),
    SITE_LEFT(17, 1, AggregatorMessage.SiteLeft.class),
    RUN_OPENED(18, 1, AggregatorMessage.RunOpened.class),
    SITE_REFUSED(19, 1, AggregatorMessage.SiteRefused.class),
    ROUND_OPENED(20, 2, AggregatorMessage.RoundOpened.class),
    ROUND_CLOSED(21, 4, AggregatorMessage.RoundClosed.class),
    RUN_PAUSED(22, 1, AggregatorMessage.RunPaused.class),
    RUN_RESUMED(23, 1, AggregatorMessage.RunResumed.class),
    RUN_ENDED(24, 1, AggregatorMessage.RunEnded.class),
    MODEL_HEADER(25, 1, AggregatorMessage.ModelHeader.class),
    MODEL_CHUNK(26, 1, AggregatorMessage.ModelChunk.class),
    STAGE_OPENED(27, 1, AggregatorMessage.StageOpened.class),
    STAGE_MESSAGE(28, 1, AggregatorMessage.StageMessage.class),
    ROUND_SUMMED(29, 1, AggregatorMessage.RoundSummed.class);

    private static final MessageKind[] BY_CODE = new MessageKind[256];
    private static final Map<Class<?>, MessageKind> BY_TYPE = new HashMap<>();

    static {
        for (MessageKind kind : values()) {
            BY_CODE[kind.code] = kind;
            BY_TYPE.put(kind.type, kind);
        }
    }

    private final int code;
    private final int version;
    private final Class<? extends Message> type;

    MessageKind(int code, int version, Class<? extends Message> type) {
        this.code = code;
        this.version = version;
        this.type = type;
    }

    static MessageKind of(Message message) {
        MessageKind kind = BY_TYPE.get(message.getClass());
        if (kind == null) {
            throw new IllegalArgumentException("a message must have a kind. Provided type: " + message.getClass());
        }
        return kind;
    }

    static MessageKind of(int code) throws RefusedMessageException {
        MessageKind kind = BY_CODE[code];
        if (kind == null) {
            throw new RefusedMessageException(
                    RefusedMessageException.Reason.UNKNOWN_KIND,
                    "the kind of message must be one that this version knows. Provided value: " + code);
        }
        return kind;
    }

    int code() {
        return code;
    }

    int version() {
        return version;
    }

    Class<? extends Message> type() {
        return type;
    }

    boolean carriesChunk() {
        return this == CONTRIBUTION_CHUNK || this == MODEL_CHUNK || this == STAGE_ANSWER || this == STAGE_MESSAGE;
    }
}
