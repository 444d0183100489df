package dev.tacita.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import dev.tacita.wire.RefusedMessageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedHeaderTest {
    private static final ObjectMapper MAPPER = new CBORMapper();

    static Stream<Arguments> changes() {
        return Stream.of(
                change("a field more", 1, header -> header.put("more", 1)),
                change("a field less", 1, header -> header.remove("session")),
                change("a number for text", 1, header -> header.put("session", 1)),
                change("null for text", 1, header -> header.putNull("session")),
                change("bytes for text", 1, header -> header.put("session", new byte[3])),
                change("an array for text", 1, header -> header.putArray("session")),
                change("an id against the rule", 1, header -> header.put("site", "Basel!")),
                change("null for an id", 1, header -> header.putNull("site")),
                change("a number for an id", 1, header -> header.put("site", 7)),
                change("text for a number", 0, header -> offer(header).put("trainingExamples", "242")),
                change(
                        "a fraction for a whole number",
                        0,
                        header -> offer(header).put("trainingExamples", 2.5)),
                change("null for a number", 3, header -> header.putNull("weight")),
                change("a number over its range", 3, header -> place(header).put("round", 1L << 40)),
                change("a round below 1", 3, header -> place(header).put("round", 0)),
                change("null in a list", 0, header -> ((ArrayNode) header.get("datasets")).addNull()),
                change("an object for a list", 0, header -> header.putObject("datasets")),
                change("a line break in a name", 1, header -> header.put("session", "s\n2026 INFO all is well")),
                change("an escape in a name", 1, header -> header.put("session", "s\u001b[2J")),
                change(
                        "text from right to left in a name",
                        0,
                        header -> offer(header).put("name", "heart\u202e")),
                change("a long name", 1, header -> header.put("session", "s".repeat(257))),
                change("a long version", 0, header -> header.put("agentVersion", "1".repeat(257))),
                change(
                        "a negative number of examples",
                        0,
                        header -> offer(header).put("trainingExamples", -1)),
                change(
                        "an absurd number of examples",
                        0,
                        header -> offer(header).put("trainingExamples", 1L << 41)),
                change(
                        "a negative count",
                        0,
                        header -> ((ObjectNode) offer(header).get("classCounts")).put("ill", -1)),
                change(
                        "a line break in the name of a class",
                        0,
                        header -> ((ObjectNode) offer(header).get("classCounts")).put("ill\n", 1)),
                change(
                        "a line break in a reason",
                        2,
                        header -> ((ArrayNode) header.get("reasons")).add("no\r\n2026 INFO accepted")),
                change("a long reason", 2, header -> ((ArrayNode) header.get("reasons")).add("n".repeat(1025))),
                change("many reasons", 2, header -> {
                    for (int i = 0; i < 64; i++) {
                        ((ArrayNode) header.get("reasons")).add("no");
                    }
                }),
                change("a negative weight", 3, header -> header.put("weight", -1)),
                change("negative seconds", 3, header -> header.put("seconds", -0.5)),
                change("seconds that are no number", 3, header -> header.put("seconds", Double.NaN)),
                change("absurd seconds", 3, header -> header.put("seconds", 1e10)),
                change("infinite loss", 3, header -> training(header).put("lossSum", Double.POSITIVE_INFINITY)),
                change("a loss that is no number", 3, header -> training(header).put("lossSum", Double.NaN)),
                change("absurd loss", 3, header -> training(header).put("lossSum", -1e101)),
                change(
                        "more examples than a sum holds",
                        3,
                        header -> training(header).put("examples", Long.MAX_VALUE)),
                change(
                        "more right than there are",
                        3,
                        header -> training(header).put("correct", 121)),
                change("no reasons", 2, header -> header.putArray("reasons")),
                change("an unknown constant", 2, header -> header.put("kind", "WHIM")),
                change("a number for a constant", 2, header -> header.put("kind", 0)),
                change("a short hash", 9, header -> header.put("model", new byte[31])),
                change("text for a hash", 9, header -> header.put("model", "00")),
                change("a bad instant", 9, header -> header.put("at", "yesterday")),
                change(
                        "a negative offset",
                        9,
                        header -> ((ObjectNode) header.get("contributionsFrom"))
                                .putArray("offsets")
                                .add(-1)),
                change("too few chunks", 14, header -> ((ObjectNode) header.get("tensor")).put("elements", 1 << 20)),
                change("a negative chunk", 15, header -> header.put("chunk", -1)),
                change("text for a chunk", 15, header -> header.put("chunk", "0")),
                change("deep nesting", 1, header -> {
                    ArrayNode inner = header.putArray("session");
                    for (int i = 0; i < 500; i++) {
                        inner = inner.addArray();
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void isRefused(String what, int sample, Consumer<ObjectNode> change) throws IOException {
        ByteBuffer bytes =
                MessageCodec.encode(SampleMessages.ofEachKind().get(sample)).bytes();
        ObjectNode header = (ObjectNode) MAPPER.readTree(headerOf(bytes));
        change.accept(header);
        assertRefused(withHeader(bytes, MAPPER.writeValueAsBytes(header)));
    }

    @Test
    void anUnchangedHeaderIsAccepted() throws Exception {
        for (Message sample : SampleMessages.ofEachKind()) {
            ByteBuffer bytes = MessageCodec.encode(sample).bytes();
            byte[] header = MAPPER.writeValueAsBytes(MAPPER.readTree(headerOf(bytes)));
            assertThat(MessageCodec.decode(withHeader(bytes, header))).isEqualTo(sample);
        }
    }

    @Test
    void whatIsNotOneMapIsRefused() throws IOException {
        ByteBuffer bytes =
                MessageCodec.encode(SampleMessages.ofEachKind().get(1)).bytes();
        assertRefused(withHeader(bytes, new byte[0]));
        assertRefused(withHeader(bytes, MAPPER.writeValueAsBytes(null)));
        assertRefused(withHeader(bytes, MAPPER.writeValueAsBytes("hello")));
        assertRefused(withHeader(bytes, MAPPER.writeValueAsBytes(new String[] {"basel", "s-1"})));
        byte[] header = headerOf(bytes);
        assertRefused(withHeader(bytes, Arrays.copyOf(header, header.length + 1)));
        assertRefused(withHeader(bytes, Arrays.copyOf(header, header.length - 1)));
    }

    @Test
    void aFieldTwiceIsRefused() {
        ByteBuffer bytes =
                MessageCodec.encode(SampleMessages.ofEachKind().get(1)).bytes();
        byte[] header = headerOf(bytes);
        // An indefinite map ends with 0xff; the two fields of a goodbye stand between.
        assertThat(header[0]).isEqualTo((byte) 0xbf);
        byte[] twice = Arrays.copyOf(header, 2 * header.length - 2);
        System.arraycopy(header, 1, twice, header.length - 1, header.length - 1);
        assertRefused(withHeader(bytes, twice));
    }

    @Test
    void whatIsSaidOfABadIdFitsOnOneLineOfALog() throws IOException {
        ByteBuffer bytes =
                MessageCodec.encode(SampleMessages.ofEachKind().get(1)).bytes();
        ObjectNode header = (ObjectNode) MAPPER.readTree(headerOf(bytes));
        header.put("site", "a\nb\u001b[2J\u0085c\u2028d\u202ee");
        assertThatExceptionOfType(RefusedMessageException.class)
                .isThrownBy(() -> MessageCodec.decode(withHeader(bytes, MAPPER.writeValueAsBytes(header))))
                .satisfies(refused -> assertThat(refused.getMessage()).contains("'a?b?[2J?c?d?e'"));
    }

    private static Arguments change(String what, int sample, Consumer<ObjectNode> change) {
        return Arguments.of(what, sample, change);
    }

    private static ObjectNode offer(ObjectNode hello) {
        return (ObjectNode) hello.get("datasets").get(0);
    }

    private static ObjectNode training(ObjectNode header) {
        return (ObjectNode) header.get("training");
    }

    private static ObjectNode place(ObjectNode header) {
        return (ObjectNode) header.get("place");
    }

    private static byte[] headerOf(ByteBuffer bytes) {
        byte[] header = new byte[bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(8)];
        bytes.get(16, header);
        return header;
    }

    private static ByteBuffer withHeader(ByteBuffer bytes, byte[] header) {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int payloadAt = 16 + in.getInt(8);
        return ByteBuffer.allocate(16 + header.length + in.limit() - payloadAt)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(in.slice(0, 16))
                .put(header)
                .put(in.slice(payloadAt, in.limit() - payloadAt))
                .rewind()
                .putInt(8, header.length);
    }

    private static void assertRefused(ByteBuffer bytes) {
        assertThatExceptionOfType(RefusedMessageException.class)
                .isThrownBy(() -> MessageCodec.decode(bytes))
                .satisfies(refused ->
                        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(Reason.MALFORMED));
    }
}
