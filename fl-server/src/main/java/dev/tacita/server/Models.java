package dev.tacita.server;

import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.AggregatorMessage.ModelChunk;
import dev.tacita.wire.AggregatorMessage.ModelHeader;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.TensorAssembler;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes parameters to the log of models, and finds them there by their hash. */
final class Models {
    private static final Duration SLICE = Duration.ofMillis(100);

    private Models() {}

    /** What has to be written so that sites can read these parameters; the bytes are made when they are asked for. */
    static List<Write> writes(Hash model, float[] parameters) {
        TensorHeader header = Tensors.header(parameters);
        List<Write> writes = new ArrayList<>();
        writes.add(new Write(Channel.MODELS, MessageCodec.encode(new ModelHeader(model, header))));
        for (int i = 0; i < header.chunks().size(); i++) {
            ModelChunk chunk = new ModelChunk(model, Tensors.chunk(parameters, i));
            writes.add(new Write(Channel.MODELS, MessageCodec.encode(chunk)));
        }
        return writes;
    }

    /** The parameters of this hash, read from the log; empty if the log does not hold them. */
    static Optional<float[]> read(Transport transport, Hash model, int size) throws InterruptedException {
        return read(transport, model, size, assembler -> assembler.model(model));
    }

    /** Values that were written under a name that is not their hash; each chunk is checked by its own. */
    static Optional<float[]> readNamed(Transport transport, Hash name, int size) throws InterruptedException {
        return read(transport, name, size, TensorAssembler::values);
    }

    private interface Check {
        float[] values(TensorAssembler assembler) throws RefusedMessageException;
    }

    private static Optional<float[]> read(Transport transport, Hash model, int size, Check check)
            throws InterruptedException {
        Position end = transport.end(Channel.MODELS);
        Optional<TensorAssembler> assembler = Optional.empty();
        try (LogReader reader = transport.read(Channel.MODELS, transport.beginning(Channel.MODELS))) {
            while (!reader.position().hasReached(end)) {
                for (Entry entry : reader.poll(SLICE)) {
                    try {
                        Message message = MessageCodec.decode(entry.frame().bytes());
                        if (message instanceof ModelHeader header
                                && header.model().equals(model)) {
                            assembler = Optional.of(new TensorAssembler(header.tensor(), size));
                        } else if (message instanceof ModelChunk chunk
                                && chunk.model().equals(model)
                                && assembler.isPresent()) {
                            assembler.get().add(chunk.chunk());
                            if (assembler.get().isComplete()) {
                                return Optional.of(check.values(assembler.get()));
                            }
                        }
                    } catch (RefusedMessageException e) {
                        // A broken copy is passed over; a later one may be whole.
                        assembler = Optional.empty();
                    }
                }
            }
        }
        return Optional.empty();
    }
}
