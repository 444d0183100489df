package dev.tacita.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Function;

/**
 * How the values that are not records travel: ids and instants (ISO-8601, exact to the nanosecond) as text, hashes as
 * 32 bytes, a chunk as its index only.
 */
final class WireModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    static final Object PAYLOAD = "payload";

    WireModule() {
        super("tacita-wire");
        text(SiteId.class, SiteId::new);
        text(RunId.class, RunId::new);
        text(Instant.class, Instant::parse);
        addDeserializer(String.class, new TextReader<>(String.class, text -> text));
        addKeySerializer(SiteId.class, new KeyWriter());
        addKeyDeserializer(SiteId.class, new KeyReader());
        addSerializer(Hash.class, new HashWriter());
        addDeserializer(Hash.class, new HashReader());
        addSerializer(TensorChunk.class, new ChunkWriter());
        addDeserializer(TensorChunk.class, new ChunkReader());
    }

    private <T> void text(Class<T> type, Function<String, T> parse) {
        addSerializer(type, new TextWriter<>());
        addDeserializer(type, new TextReader<>(type, parse));
    }

    private static final class TextWriter<T> extends JsonSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(value.toString());
        }
    }

    private static final class TextReader<T> extends JsonDeserializer<T> {
        private final Class<T> type;
        private final Function<String, T> parse;

        TextReader(Class<T> type, Function<String, T> parse) {
            this.type = type;
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return context.reportInputMismatch(type, "must be text");
            }
            return parse.apply(parser.getText());
        }
    }

    private static final class KeyWriter extends JsonSerializer<SiteId> {
        @Override
        public void serialize(SiteId site, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeFieldName(site.value());
        }
    }

    private static final class KeyReader extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return new SiteId(key);
        }
    }

    private static final class HashWriter extends JsonSerializer<Hash> {
        @Override
        public void serialize(Hash hash, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeBinary(hash.bytes());
        }
    }

    private static final class HashReader extends JsonDeserializer<Hash> {
        @Override
        public Hash deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)) {
                return context.reportInputMismatch(Hash.class, "a SHA-256 must be a byte string");
            }
            return Hash.of(parser.getBinaryValue());
        }
    }

    private static final class ChunkWriter extends JsonSerializer<TensorChunk> {
        @Override
        public void serialize(TensorChunk chunk, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            generator.writeNumber(chunk.index());
        }
    }

    private static final class ChunkReader extends JsonDeserializer<TensorChunk> {
        @Override
        public TensorChunk deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                return context.reportInputMismatch(TensorChunk.class, "the index of a chunk must be a whole number");
            }
            int index = parser.getIntValue();
            if (context.getAttribute(PAYLOAD) instanceof ByteBuffer payload) {
                return new TensorChunk(index, payload);
            }
            return context.reportInputMismatch(TensorChunk.class, "the message carries no chunk");
        }
    }
}
