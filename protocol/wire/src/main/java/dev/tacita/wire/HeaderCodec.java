package dev.tacita.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/** The header of a message: its record as CBOR, a map from field name to value, and nothing that is not in the record. */
final class HeaderCodec {
    private static final int LONGEST_NAME = 256;
    private static final int DEEPEST = 16;

    private final ObjectMapper mapper = strictMapper();
    private final ObjectWriter writer = mapper.writer();
    private final Map<MessageKind, ObjectReader> readers = new EnumMap<>(MessageKind.class);

    HeaderCodec() {
        for (MessageKind kind : MessageKind.values()) {
            readers.put(kind, mapper.readerFor(kind.type()));
        }
    }

    private static ObjectMapper strictMapper() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxDocumentLength(MessageCodec.MAX_HEADER_BYTES)
                .maxStringLength(MessageCodec.MAX_HEADER_BYTES)
                .maxNameLength(LONGEST_NAME)
                .maxNestingDepth(DEEPEST)
                .build();
        CBORFactory factory = CBORFactory.builder()
                .streamReadConstraints(limits)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        return CBORMapper.builder(factory)
                .addModule(new Jdk8Module())
                .addModule(new WireModule())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfigDefaults(coercions -> {
                    for (CoercionInputShape shape : CoercionInputShape.values()) {
                        coercions.setCoercion(shape, CoercionAction.Fail);
                    }
                })
                .build();
    }

    byte[] write(Message message) {
        try {
            return writer.writeValueAsBytes(message);
        } catch (JsonProcessingException cannotHappen) {
            throw new UncheckedIOException("cannot write " + message.getClass(), cannotHappen);
        }
    }

    Message read(MessageKind kind, int version, byte[] header, ByteBuffer payload) throws RefusedMessageException {
        ObjectReader reader = readers.get(kind);
        if (reader == null) {
            throw new IllegalStateException("no reader for " + kind);
        }
        try {
            ObjectReader withPayload = reader.withAttribute(WireModule.PAYLOAD, payload);
            Object message = version == kind.version()
                    ? withPayload.readValue(header)
                    : withPayload.readValue(OlderVersions.toNewest(kind, version, mapper.readTree(header)));
            if (message instanceof Message read) {
                return read;
            }
        } catch (IOException | RuntimeException hostile) {
            // Whatever a peer's bytes provoke in the parser or in a record's own checks is the peer's mistake.
            throw malformed(kind, reason(hostile), hostile);
        }
        throw malformed(kind, "it is null", null);
    }

    private static RefusedMessageException malformed(
            MessageKind kind, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        String message = "the header of " + kind + " cannot be read: " + why;
        return cause == null
                ? new RefusedMessageException(RefusedMessageException.Reason.MALFORMED, message)
                : new RefusedMessageException(RefusedMessageException.Reason.MALFORMED, message, cause);
    }

    private static String reason(Throwable hostile) {
        String why = hostile instanceof JsonProcessingException parsing
                ? parsing.getOriginalMessage()
                : String.valueOf(hostile.getMessage());
        String head = why.length() > 200 ? why.substring(0, 200) + "..." : why;
        return head.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    }
}
