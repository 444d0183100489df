package dev.tacita.wire;

import dev.tacita.core.SiteId;
import dev.tacita.wire.SiteMessage.StageAnswer;
import java.nio.ByteBuffer;
import java.util.List;

/** The messages of an answer in a stage, in the order in which they must be sent; each frame is made when it is asked for. */
public final class StageMessages {
    /** The most parts that an answer may have: those of the largest model, in words of 64 bits. */
    public static final int MOST_PARTS = 2 * Tensors.MAX_CHUNKS + 1;

    private StageMessages() {}

    /**
     * The parts of an answer, whose bytes must not change while the list is in use.
     *
     * @throws IllegalArgumentException if there are more than {@link #MOST_PARTS}, or none
     */
    public static List<Frame> answer(RoundKey place, SiteId site, String session, Stage stage, byte[] bytes) {
        int parts = parts(bytes.length);
        if (parts < 1 || parts > MOST_PARTS) {
            throw new IllegalArgumentException(
                    "an answer must have 1 to " + MOST_PARTS + " parts. Provided value: " + parts);
        }
        return new LazyList<>(
                parts, i -> MessageCodec.encode(new StageAnswer(place, site, session, stage, parts, chunk(bytes, i))));
    }

    /** In how many parts so many bytes travel. */
    public static int parts(int bytes) {
        return (int) (((long) bytes + TensorHeader.CHUNK_BYTES - 1) / TensorHeader.CHUNK_BYTES);
    }

    private static TensorChunk chunk(byte[] bytes, int index) {
        int from = index * TensorHeader.CHUNK_BYTES;
        int length = Math.min(TensorHeader.CHUNK_BYTES, bytes.length - from);
        return new TensorChunk(index, ByteBuffer.wrap(bytes, from, length).slice());
    }
}
