package dev.tacita.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tacita.core.learning.Protection;
import dev.tacita.wire.RefusedMessageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final int HEADER_LENGTH_AT = 8;
    private static final int PAYLOAD_LENGTH_AT = 12;

    static Stream<Message> messages() {
        return Stream.concat(SampleMessages.ofEachKind().stream(), SampleMessages.others().stream());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageSurvivesTheJourney(Message message) throws RefusedMessageException {
        Frame frame = MessageCodec.encode(message);
        Message read = MessageCodec.decode(frame.bytes());
        assertThat(read).isEqualTo(message);
        assertThat(MessageCodec.encode(read)).isEqualTo(frame);
        assertThat(frame.bytes().position()).as("decode moves nothing").isZero();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageCutAnywhereIsTruncated(Message message) {
        ByteBuffer bytes = MessageCodec.encode(message).bytes();
        int step = Math.max(1, bytes.remaining() / 500);
        for (int length = 4; length < bytes.remaining(); length += step) {
            assertThat(refusal(bytes.slice(0, length))).as("cut at %s", length).isEqualTo(Reason.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aByteAfterTheEndIsRefused(Message message) {
        ByteBuffer bytes = MessageCodec.encode(message).bytes();
        ByteBuffer longer =
                ByteBuffer.allocate(bytes.remaining() + 1).put(bytes).rewind();
        assertThat(refusal(longer)).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void aChunkIsAViewOfTheRecord() throws RefusedMessageException {
        ByteBuffer record = ByteBuffer.allocate(1000);
        record.put(MessageCodec.encode(SampleMessages.ofEachKind().get(4)).bytes())
                .flip();
        SiteMessage.ContributionChunk read = (SiteMessage.ContributionChunk) MessageCodec.decode(record);
        assertThat(read.chunk().bytes().getFloat(4)).isEqualTo(-2.5f);
        record.order(ByteOrder.LITTLE_ENDIAN).putFloat(record.limit() - 8, 7f);
        assertThat(read.chunk().bytes().getFloat(4)).isEqualTo(7f);
        assertThat(read.chunk().bytes().isReadOnly()).isTrue();
    }

    @Test
    void theChunkOfALargeModelStaysWithinKafkasDefaultLimit() {
        ByteBuffer bytes = MessageCodec.encode(SampleMessages.others().get(2)).bytes();
        assertThat(bytes.remaining()).isBetween(TensorHeader.CHUNK_BYTES, TensorHeader.CHUNK_BYTES + 300);
    }

    @Test
    void theHeaderOfThreeGigabytesFits() throws RefusedMessageException {
        Message message = header(837_500_000);
        assertThat(MessageCodec.decode(MessageCodec.encode(message).bytes())).isEqualTo(message);
    }

    @Test
    void theHeaderOfTheMostChunksFits() throws RefusedMessageException {
        Message message = header(Tensors.MAX_CHUNKS * (TensorHeader.CHUNK_BYTES / 4));
        assertThat(MessageCodec.decode(MessageCodec.encode(message).bytes())).isEqualTo(message);
    }

    @Test
    void aTensorThatCannotBeAnnouncedIsRefusedWhenSent() {
        Message message = header(Integer.MAX_VALUE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageCodec.encode(message))
                .withMessageContaining("must be <= " + MessageCodec.MAX_HEADER_BYTES);
    }

    @Test
    void aChunkOverTheLimitIsRefusedWhenSent() {
        Message message = new AggregatorMessage.ModelChunk(
                SampleMessages.MODEL, new TensorChunk(0, ByteBuffer.allocate(TensorHeader.CHUNK_BYTES + 1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageCodec.encode(message))
                .withMessageContaining("Provided value: " + (TensorHeader.CHUNK_BYTES + 1));
    }

    @Test
    void whatIsNoEnvelopeIsNotAMessage() {
        assertThat(refusal(ByteBuffer.allocate(0))).isEqualTo(Reason.NOT_A_MESSAGE);
        assertThat(refusal(ByteBuffer.wrap(new byte[] {'T', 'C', 'T'}))).isEqualTo(Reason.NOT_A_MESSAGE);
        assertThat(refusal(ByteBuffer.allocate(100))).isEqualTo(Reason.NOT_A_MESSAGE);
    }

    @Test
    void eachByteOfTheEnvelopeIsChecked() {
        assertThat(refusal(goodbyeWith(0, 'X'))).isEqualTo(Reason.NOT_A_MESSAGE);
        assertThat(refusal(goodbyeWith(4, 2))).isEqualTo(Reason.UNKNOWN_VERSION);
        assertThat(refusal(goodbyeWith(5, 0))).isEqualTo(Reason.UNKNOWN_KIND);
        assertThat(refusal(goodbyeWith(5, 255))).isEqualTo(Reason.UNKNOWN_KIND);
        assertThat(refusal(goodbyeWith(6, 2))).isEqualTo(Reason.UNKNOWN_VERSION);
        assertThat(refusal(goodbyeWith(7, 1))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void whatIsOverALimitIsOversize() {
        assertThat(refusal(ByteBuffer.allocate(MessageCodec.MAX_MESSAGE_BYTES + 1)))
                .isEqualTo(Reason.OVERSIZE);
        assertThat(refusal(goodbye().putInt(HEADER_LENGTH_AT, MessageCodec.MAX_HEADER_BYTES + 1)))
                .isEqualTo(Reason.OVERSIZE);
        assertThat(refusal(goodbye().putInt(HEADER_LENGTH_AT, -1))).isEqualTo(Reason.OVERSIZE);
        assertThat(refusal(goodbye().putInt(PAYLOAD_LENGTH_AT, TensorHeader.CHUNK_BYTES + 1)))
                .isEqualTo(Reason.OVERSIZE);
    }

    @Test
    void aPayloadBelongsToChunksAndNowhereElse() {
        ByteBuffer goodbye = goodbye();
        ByteBuffer withPayload = ByteBuffer.allocate(goodbye.remaining() + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(goodbye)
                .rewind()
                .putInt(PAYLOAD_LENGTH_AT, 4);
        assertThat(refusal(withPayload)).isEqualTo(Reason.MALFORMED);
        ByteBuffer chunk =
                MessageCodec.encode(SampleMessages.ofEachKind().get(4)).bytes();
        ByteBuffer empty = ByteBuffer.allocate(chunk.remaining() - 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(chunk.slice(0, chunk.remaining() - 12))
                .rewind()
                .putInt(PAYLOAD_LENGTH_AT, 0);
        assertThat(refusal(empty)).isEqualTo(Reason.MALFORMED);
    }

    private static Message header(int elements) {
        int chunks = (int) (((long) elements * 4 + TensorHeader.CHUNK_BYTES - 1) / TensorHeader.CHUNK_BYTES);
        return new SiteMessage.ContributionHeader(
                SampleMessages.PLACE,
                SampleMessages.BASEL,
                "s-1",
                Protection.PLAIN,
                1,
                Optional.of(new TensorHeader(
                        ElementType.FLOAT32, elements, Collections.nCopies(chunks, SampleMessages.MODEL))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                OptionalDouble.empty());
    }

    private static ByteBuffer goodbye() {
        ByteBuffer bytes = MessageCodec.encode(new SiteMessage.Goodbye(SampleMessages.BASEL, "s-1"))
                .bytes();
        return ByteBuffer.allocate(bytes.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes)
                .rewind();
    }

    private static ByteBuffer goodbyeWith(int index, int value) {
        return goodbye().put(index, (byte) value);
    }

    private static Reason refusal(ByteBuffer bytes) {
        return assertThatExceptionOfType(RefusedMessageException.class)
                .isThrownBy(() -> MessageCodec.decode(bytes))
                .actual()
                .reason();
    }

    @Test
    void everyKindHasASample() {
        List<Class<?>> types = SampleMessages.ofEachKind().stream()
                .<Class<?>>map(Message::getClass)
                .toList();
        assertThat(types).doesNotHaveDuplicates().hasSize(MessageKind.values().length);
    }
}
