package dev.tacita.kafka;

import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.TransportException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Frames to Kafka's records and back. Whatever somebody else wrote to the topic becomes a frame too. */
final class Records {
    private Records() {}

    static ProducerRecord<byte[], byte[]> of(String topic, Frame frame) {
        ByteBuffer bytes = frame.bytes().duplicate();
        if (bytes.remaining() > MessageCodec.MAX_MESSAGE_BYTES) {
            throw new TransportException("a frame must be <= " + MessageCodec.MAX_MESSAGE_BYTES
                    + " bytes. Provided value: " + bytes.remaining());
        }
        byte[] value = new byte[bytes.remaining()];
        bytes.get(value);
        ProducerRecord<byte[], byte[]> written =
                new ProducerRecord<>(topic, frame.key().getBytes(StandardCharsets.UTF_8), value);
        frame.headers().forEach((name, text) -> written.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return written;
    }

    static Entry entry(ConsumerRecord<byte[], byte[]> read) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : read.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        ByteBuffer value = ByteBuffer.wrap(read.value() == null ? new byte[0] : read.value());
        return new Entry(
                read.partition(),
                read.offset(),
                Instant.ofEpochMilli(Math.max(0, read.timestamp())),
                new Frame(text(read.key()), headers, value));
    }

    private static String text(byte @org.jspecify.annotations.Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
