package dev.tacita.wire;

import dev.tacita.wire.RefusedMessageException.Reason;

/** Puts the chunks of one float32 tensor together again, in order, each checked against the header. For one thread. */
public final class TensorAssembler {
    private final TensorHeader header;
    private final float[] values;
    private int next;

    /**
     * Makes room for the tensor.
     *
     * @param header what was announced
     * @param elements how many there must be; known from the model, so that a peer cannot ask for any amount of memory
     * @throws RefusedMessageException WRONG_SHAPE if another number or type was announced
     */
    public TensorAssembler(TensorHeader header, int elements) throws RefusedMessageException {
        if (header.type() != ElementType.FLOAT32 || header.elements() != elements) {
            throw new RefusedMessageException(
                    Reason.WRONG_SHAPE,
                    "the tensor must have " + elements + " elements of FLOAT32. Provided value: " + header.elements()
                            + " of " + header.type());
        }
        this.header = header;
        values = new float[elements];
    }

    /**
     * Takes the next chunk.
     *
     * @throws RefusedMessageException OUT_OF_ORDER if it is not the next one, else as {@link Tensors#verify}; nothing
     *     is taken then
     */
    public void add(TensorChunk chunk) throws RefusedMessageException {
        if (chunk.index() != next) {
            throw new RefusedMessageException(
                    Reason.OUT_OF_ORDER,
                    "the next of " + header.chunks().size() + " chunks must be " + next + ". Provided value: "
                            + chunk.index());
        }
        Tensors.verify(header, chunk);
        int from = (int) ((long) next * TensorHeader.CHUNK_BYTES / Float.BYTES);
        chunk.bytes().asFloatBuffer().get(values, from, header.chunkLength(next) / Float.BYTES);
        next++;
    }

    /** Whether all chunks are there. */
    public boolean isComplete() {
        return next == header.chunks().size();
    }

    /**
     * The values, not copied.
     *
     * @throws IllegalStateException if chunks are missing
     */
    public float[] values() {
        if (!isComplete()) {
            throw new IllegalStateException(
                    "all " + header.chunks().size() + " chunks must be there. Provided: " + next);
        }
        return values;
    }

    /**
     * The values, not copied, once they are shown to be the model of that name.
     *
     * @throws RefusedMessageException WRONG_HASH if they are another
     * @throws IllegalStateException if chunks are missing
     */
    public float[] model(Hash model) throws RefusedMessageException {
        Hash found = Tensors.sha256(values());
        if (!found.equals(model)) {
            throw new RefusedMessageException(
                    Reason.WRONG_HASH, "the model must have the SHA-256 " + model + ". Provided value: " + found);
        }
        return values;
    }
}
