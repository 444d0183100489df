package dev.tacita.server;

import dev.tacita.core.learning.ContributionRule;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.TensorChunk;
import dev.tacita.wire.TensorHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** Verifies chunks of float32 and adds them to a sum, with a buffer that it keeps; for one thread. */
public final class ChunkWork {
    private final int[] bits = new int[TensorHeader.CHUNK_BYTES / Float.BYTES];
    private final MessageDigest digest;

    /** With a buffer for the largest chunk. */
    public ChunkWork() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Adds a chunk, or nothing of it.
     *
     * @param chunk a multiple of four bytes
     * @param expected its SHA-256
     * @param rule that the numbers of a contribution keep, if there is one
     * @throws RefusedMessageException if it has another hash, a value that the sum's encoding does not hold, or one against the rule
     */
    public void add(
            TensorChunk chunk,
            Hash expected,
            Optional<ContributionRule> rule,
            long weight,
            WordAccumulator accumulator,
            long[] sum)
            throws RefusedMessageException {
        ByteBuffer in = chunk.bytes();
        digest.update(in.duplicate());
        if (!Hash.of(digest.digest()).equals(expected)) {
            throw new RefusedMessageException(
                    Reason.WRONG_HASH, "chunk " + chunk.index() + " must have the SHA-256 " + expected);
        }
        int count = in.remaining() / Float.BYTES;
        in.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(bits, 0, count);
        int first = chunk.index() * (TensorHeader.CHUNK_BYTES / Float.BYTES);
        int bad = accumulator.firstNotEncodable(bits, count);
        if (bad >= 0) {
            throw new RefusedMessageException(
                    Reason.NOT_ENCODABLE,
                    "each value must be a number within the encoding's limit; the one at index " + (first + bad)
                            + (Float.isNaN(Float.intBitsToFloat(bits[bad])) ? " is not a number" : " is beyond it"));
        }
        if (rule.isPresent() && first + count > rule.get().from()) {
            float[] values = new float[count];
            in.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            Optional<String> problem = rule.get().problem(first, values);
            if (problem.isPresent()) {
                throw new RefusedMessageException(Reason.NOT_ENCODABLE, problem.get());
            }
        }
        accumulator.add(bits, count, weight, sum, first);
    }
}
