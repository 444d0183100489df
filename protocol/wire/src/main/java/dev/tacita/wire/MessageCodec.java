package dev.tacita.wire;

import dev.tacita.wire.RefusedMessageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Messages to bytes and back.
 *
 * <p>Guarantees: the same message always has the same bytes; {@link #decode} gives a message that is whole and within
 * the ranges of its record, or throws {@link RefusedMessageException}, never anything else, whatever the bytes; the
 * bytes of a chunk are not copied by it. Not guaranteed: that a message comes from whom it says.
 *
 * <p>Layout: the letters TCTA; version of this layout, kind, version of the message, 0 (one byte each); length of the
 * header, length of the payload (32 bits each, little-endian); the header in CBOR; the payload, which only chunks have.
 */
public final class MessageCodec {
    /** The largest message: under Kafka's default limit of a record, with its key and headers. */
    public static final int MAX_MESSAGE_BYTES = 1_000_000;

    /** The largest header, in bytes; a tensor of {@link Tensors#MAX_CHUNKS} chunks fits. */
    public static final int MAX_HEADER_BYTES = 448 * 1024;

    private static final byte[] MAGIC = "TCTA".getBytes(StandardCharsets.US_ASCII);
    private static final int ENVELOPE_VERSION = 1;
    private static final int ENVELOPE_BYTES = 16;
    private static final HeaderCodec HEADERS = new HeaderCodec();

    private MessageCodec() {}

    /**
     * The bytes of a message, with the key and headers that route it.
     *
     * @throws IllegalArgumentException if its header would be over {@link #MAX_HEADER_BYTES}, or its chunk not between
     *     1 and {@link TensorHeader#CHUNK_BYTES} bytes
     */
    public static Frame encode(Message message) {
        MessageKind kind = MessageKind.of(message);
        byte[] header = HEADERS.write(message);
        ByteBuffer payload = payload(message);
        if (header.length > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException("the header of " + kind + " must be <= " + MAX_HEADER_BYTES
                    + " bytes. Provided value: " + header.length);
        }
        if (kind.carriesChunk() && !fits(payload)) {
            throw new IllegalArgumentException("a chunk must have 1 to " + TensorHeader.CHUNK_BYTES
                    + " bytes. Provided value: " + payload.remaining());
        }
        ByteBuffer bytes = ByteBuffer.allocate(ENVELOPE_BYTES + header.length + payload.remaining())
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC)
                .put((byte) ENVELOPE_VERSION)
                .put((byte) kind.code())
                .put((byte) kind.version())
                .put((byte) 0)
                .putInt(header.length)
                .putInt(payload.remaining())
                .put(header)
                .put(payload)
                .flip();
        return new Frame(Routing.key(message), Routing.headers(message, kind), bytes);
    }

    /**
     * The message in the bytes between position and limit, which are left as they are; a chunk in it is a view of them.
     *
     * @throws RefusedMessageException with the rule they break, if they are not exactly one message
     */
    public static Message decode(ByteBuffer bytes) throws RefusedMessageException {
        ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() > MAX_MESSAGE_BYTES) {
            throw oversize("a message must be <= " + MAX_MESSAGE_BYTES + " bytes", in.remaining());
        }
        checkMagic(in);
        int envelope = unsigned(in.get());
        if (envelope != ENVELOPE_VERSION) {
            throw unknownVersion("envelope", Integer.toString(ENVELOPE_VERSION), envelope);
        }
        MessageKind kind = MessageKind.of(unsigned(in.get()));
        int version = unsigned(in.get());
        if (version < 1 || version > kind.version()) {
            throw unknownVersion(kind.name(), kind.version() == 1 ? "1" : "1 to " + kind.version(), version);
        }
        if (in.get() != 0) {
            throw new RefusedMessageException(
                    Reason.MALFORMED, "the eighth byte must be 0. Provided value: " + in.get(in.position() - 1));
        }
        long headerLength = Integer.toUnsignedLong(in.getInt());
        long payloadLength = Integer.toUnsignedLong(in.getInt());
        checkLengths(kind, headerLength, payloadLength, in.remaining());
        byte[] header = new byte[(int) headerLength];
        in.get(header);
        return HEADERS.read(kind, version, header, in.slice());
    }

    private static void checkMagic(ByteBuffer in) throws RefusedMessageException {
        byte[] start = new byte[Math.min(MAGIC.length, in.remaining())];
        in.get(start);
        if (!Arrays.equals(start, MAGIC)) {
            throw new RefusedMessageException(
                    Reason.NOT_A_MESSAGE, "a message must begin with the letters TCTA. Provided length: " + in.limit());
        }
        if (in.limit() < ENVELOPE_BYTES) {
            throw new RefusedMessageException(
                    Reason.TRUNCATED,
                    "an envelope must have " + ENVELOPE_BYTES + " bytes. Provided length: " + in.limit());
        }
    }

    private static RefusedMessageException unknownVersion(String of, String known, int given) {
        return new RefusedMessageException(
                Reason.UNKNOWN_VERSION, "the version of " + of + " must be " + known + ". Provided value: " + given);
    }

    private static void checkLengths(MessageKind kind, long header, long payload, int given)
            throws RefusedMessageException {
        if (header > MAX_HEADER_BYTES) {
            throw oversize("a header must be <= " + MAX_HEADER_BYTES + " bytes", header);
        }
        if (payload > TensorHeader.CHUNK_BYTES) {
            throw oversize("a chunk must be <= " + TensorHeader.CHUNK_BYTES + " bytes", payload);
        }
        if (header + payload != given) {
            throw new RefusedMessageException(
                    Reason.TRUNCATED,
                    "after the envelope there must be " + (header + payload) + " bytes. Provided value: " + given);
        }
        if (kind.carriesChunk() == (payload == 0)) {
            throw new RefusedMessageException(
                    Reason.MALFORMED,
                    "a payload must be there in a chunk and nowhere else. Provided length in " + kind + ": " + payload);
        }
    }

    private static RefusedMessageException oversize(String rule, long given) {
        return new RefusedMessageException(Reason.OVERSIZE, rule + ". Provided value: " + given);
    }

    private static int unsigned(byte value) {
        return Byte.toUnsignedInt(value);
    }

    private static boolean fits(ByteBuffer payload) {
        return payload.hasRemaining() && payload.remaining() <= TensorHeader.CHUNK_BYTES;
    }

    private static ByteBuffer payload(Message message) {
        if (message instanceof SiteMessage.ContributionChunk contribution) {
            return contribution.chunk().bytes().duplicate();
        }
        if (message instanceof AggregatorMessage.ModelChunk model) {
            return model.chunk().bytes().duplicate();
        }
        if (message instanceof SiteMessage.StageAnswer answer) {
            return answer.chunk().bytes().duplicate();
        }
        if (message instanceof AggregatorMessage.StageMessage stage) {
            return stage.chunk().bytes().duplicate();
        }
        return ByteBuffer.allocate(0);
    }
}
