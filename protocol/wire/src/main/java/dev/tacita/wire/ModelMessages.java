package dev.tacita.wire;

import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.AggregatorMessage.ModelChunk;
import dev.tacita.wire.AggregatorMessage.ModelHeader;
import java.util.List;

/**
 * The messages of one model, in the order in which they must be written. Each is made when the list is asked for it and
 * not kept, so that a model of gigabytes is held once.
 */
public final class ModelMessages {
    private ModelMessages() {}

    /** A header and chunks. The parameters must not change while the list is in use. */
    public static List<Frame> of(float[] parameters) {
        return of(Tensors.sha256(parameters), parameters);
    }

    /**
     * A header and chunks, where the hash is known already.
     *
     * @param model {@link Tensors#sha256(float[])} of the parameters
     */
    public static List<Frame> of(Hash model, float[] parameters) {
        TensorHeader tensor = Tensors.header(parameters);
        return new LazyList<>(
                1 + tensor.chunks().size(),
                i -> MessageCodec.encode(
                        i == 0
                                ? new ModelHeader(model, tensor)
                                : new ModelChunk(model, Tensors.chunk(parameters, i - 1))));
    }

    /** The frames of a model, and after them others, to be committed together. */
    public static List<Write> writes(List<Frame> model, List<Write> then) {
        return new LazyList<>(
                model.size() + then.size(),
                i -> i < model.size() ? new Write(Channel.MODELS, model.get(i)) : then.get(i - model.size()));
    }
}
