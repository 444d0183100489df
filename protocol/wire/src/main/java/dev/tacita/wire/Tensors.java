package dev.tacita.wire;

import dev.tacita.wire.RefusedMessageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** Flat float32 tensors to chunks, and the hashes of both. Bytes are little-endian everywhere. */
public final class Tensors {
    /** The most chunks a tensor may have, so that its header fits in a message: 6.8 GB. */
    public static final int MAX_CHUNKS = 13_000;

    private static final int CHUNK_FLOATS = TensorHeader.CHUNK_BYTES / Float.BYTES;

    private Tensors() {}

    /**
     * What announces the values: the hash of each chunk.
     *
     * @throws IllegalArgumentException if there are no values, or more than {@link #MAX_CHUNKS} chunks of them
     */
    public static TensorHeader header(float[] values) {
        long chunks = ((long) values.length + CHUNK_FLOATS - 1) / CHUNK_FLOATS;
        if (chunks > MAX_CHUNKS) {
            throw new IllegalArgumentException("a tensor must have <= " + (long) MAX_CHUNKS * CHUNK_FLOATS
                    + " values to be announced in one message. Provided value: " + values.length);
        }
        MessageDigest digest = sha256();
        ByteBuffer bytes = buffer(Math.min(values.length, CHUNK_FLOATS));
        List<Hash> hashes = new ArrayList<>((int) chunks);
        for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
            digest.update(fill(bytes, values, from));
            hashes.add(Hash.of(digest.digest()));
        }
        return new TensorHeader(ElementType.FLOAT32, values.length, hashes);
    }

    /**
     * The chunk at {@code index}, a copy of its values.
     *
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public static TensorChunk chunk(float[] values, int index) {
        long from = (long) index * CHUNK_FLOATS;
        if (index < 0 || from >= values.length) {
            throw new IndexOutOfBoundsException(
                    "index must be that of a chunk of " + values.length + " values. Provided value: " + index);
        }
        ByteBuffer bytes = buffer(Math.min(values.length - (int) from, CHUNK_FLOATS));
        return new TensorChunk(index, fill(bytes, values, (int) from));
    }

    /** The hash of all the values' bytes: the name of a model. */
    public static Hash sha256(float[] values) {
        MessageDigest digest = sha256();
        ByteBuffer bytes = buffer(Math.min(values.length, CHUNK_FLOATS));
        for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
            digest.update(fill(bytes, values, from));
        }
        return Hash.of(digest.digest());
    }

    /** The hash of the bytes between position and limit, which are left as they are. */
    public static Hash sha256(ByteBuffer bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes.duplicate());
        return Hash.of(digest.digest());
    }

    /**
     * Checks that a chunk is what its header announced.
     *
     * @throws RefusedMessageException OUT_OF_ORDER if the header announced no chunk of that index, TRUNCATED if it has
     *     another length, WRONG_HASH if it has other bytes
     */
    public static void verify(TensorHeader header, TensorChunk chunk) throws RefusedMessageException {
        int index = chunk.index();
        if (index >= header.chunks().size()) {
            throw new RefusedMessageException(
                    Reason.OUT_OF_ORDER,
                    "the index of a chunk must be < " + header.chunks().size() + ". Provided value: " + index);
        }
        if (chunk.bytes().remaining() != header.chunkLength(index)) {
            throw new RefusedMessageException(
                    Reason.TRUNCATED,
                    "chunk " + index + " must have " + header.chunkLength(index) + " bytes. Provided value: "
                            + chunk.bytes().remaining());
        }
        Hash announced = header.chunks().get(index);
        Hash found = sha256(chunk.bytes());
        if (!found.equals(announced)) {
            throw new RefusedMessageException(
                    Reason.WRONG_HASH,
                    "chunk " + index + " must have the SHA-256 " + announced + ". Provided value: " + found);
        }
    }

    private static ByteBuffer buffer(int floats) {
        return ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer fill(ByteBuffer bytes, float[] values, int from) {
        int count = Math.min(values.length - from, CHUNK_FLOATS);
        bytes.clear().limit(count * Float.BYTES);
        bytes.asFloatBuffer().put(values, from, count);
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException("this Java has no SHA-256", everyJdkHasIt);
        }
    }
}
