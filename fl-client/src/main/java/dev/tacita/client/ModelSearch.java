package dev.tacita.client;

import dev.tacita.wire.AggregatorMessage.ModelChunk;
import dev.tacita.wire.AggregatorMessage.ModelHeader;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Message;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.TensorAssembler;
import java.util.Optional;

/** Picks one model out of what passes; a model sent again after a bad copy is taken. */
final class ModelSearch {
    private final Hash wanted;
    private final int elements;
    private Optional<TensorAssembler> assembler = Optional.empty();
    private Optional<float[]> found = Optional.empty();
    private Optional<RefusedMessageException> failure = Optional.empty();

    ModelSearch(Hash wanted, int elements) {
        this.wanted = wanted;
        this.elements = elements;
    }

    void take(Message message) {
        if (found.isPresent()) {
            return;
        }
        try {
            if (message instanceof ModelHeader header && header.model().equals(wanted)) {
                assembler = Optional.of(new TensorAssembler(header.tensor(), elements));
            } else if (message instanceof ModelChunk chunk && chunk.model().equals(wanted) && assembler.isPresent()) {
                TensorAssembler parts = assembler.get();
                parts.add(chunk.chunk());
                if (parts.isComplete()) {
                    found = Optional.of(parts.model(wanted));
                }
            }
        } catch (RefusedMessageException e) {
            failure = Optional.of(e);
            assembler = Optional.empty();
        }
    }

    Optional<float[]> found() {
        return found;
    }

    /** Why it was not found. */
    RefusedMessageException failure() {
        return failure.orElseGet(() -> new RefusedMessageException(
                RefusedMessageException.Reason.OUT_OF_ORDER,
                "a round names the model " + wanted + ", which was not sent"
                        + (assembler.isPresent() ? " in full" : "")));
    }
}
