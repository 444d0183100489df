package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.MalformedMessageException;
import dev.tacita.secureagg.MessageCodec;
import dev.tacita.secureagg.RoundTerms;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.SiteMessage.StageAnswer;
import dev.tacita.wire.Stage;
import dev.tacita.wire.StageMessages;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Puts the parts of sites' answers together; one answer of each site at a time. */
final class StageAnswers {
    private final int largestInput;
    private final Map<SiteId, Parts> parts = new HashMap<>();

    /**
     * An answer with all its parts.
     *
     * @param hash of its bytes
     * @param bytes on the wire
     */
    record Complete(FromSite message, Hash hash, long bytes) {}

    private static final class Parts {
        final int count;
        final ByteBuffer content;
        int next;
        long bytes;

        Parts(int count) {
            this.count = count;
            this.content = ByteBuffer.allocate(Math.multiplyExact(count, TensorHeader.CHUNK_BYTES));
        }
    }

    StageAnswers(RoundTerms terms) {
        long input = TensorHeader.CHUNK_BYTES;
        for (var vector : terms.vectors()) {
            input += (long) vector.length() * vector.modulus().bytes();
        }
        this.largestInput = StageMessages.parts((int) Math.min(input, Integer.MAX_VALUE - TensorHeader.CHUNK_BYTES));
    }

    /** Takes the next part in; the answer, if it was the last. A part that came before is passed over. */
    Optional<Complete> add(Entry entry, StageAnswer answer) throws RefusedMessageException {
        SiteId site = answer.site();
        int most = answer.stage() == Stage.INPUTS ? largestInput : 1;
        if (answer.parts() > most) {
            throw refusal(Reason.OVERSIZE, answer, "must have at most " + most + " parts", answer.parts());
        }
        int index = answer.chunk().index();
        if (index == 0) {
            parts.put(site, new Parts(answer.parts()));
        }
        Parts to = parts.get(site);
        if (to == null || index > to.next || answer.parts() != to.count) {
            throw refusal(Reason.OUT_OF_ORDER, answer, "must come in the order of its parts", index);
        }
        if (index < to.next) {
            return Optional.empty();
        }
        int length = answer.chunk().bytes().remaining();
        if (index < to.count - 1 && length != TensorHeader.CHUNK_BYTES) {
            throw refusal(
                    Reason.WRONG_SHAPE, answer, "must have parts of " + TensorHeader.CHUNK_BYTES + " bytes", length);
        }
        to.content.put(answer.chunk().bytes().duplicate());
        to.next++;
        to.bytes += entry.frame().bytes().remaining();
        return to.next == to.count ? Optional.of(complete(answer, to)) : Optional.empty();
    }

    private Complete complete(StageAnswer answer, Parts whole) throws RefusedMessageException {
        parts.remove(answer.site());
        byte[] bytes = Arrays.copyOf(whole.content.array(), whole.content.position());
        try {
            AggregationMessage message = MessageCodec.decode(bytes);
            if (message instanceof FromSite said) {
                return new Complete(said, Tensors.sha256(ByteBuffer.wrap(bytes)), whole.bytes);
            }
        } catch (MalformedMessageException e) {
            throw new RefusedMessageException(
                    Reason.MALFORMED, answer.site() + ", " + answer.place() + ": " + e.getMessage(), e);
        }
        throw refusal(Reason.UNKNOWN_KIND, answer, "must be what a site says", 1);
    }

    /** Forgets what a site has begun to send. */
    void drop(SiteId site) {
        parts.remove(site);
    }

    /** Forgets all that was begun. */
    void clear() {
        parts.clear();
    }

    private static RefusedMessageException refusal(Reason reason, StageAnswer answer, String rule, int value) {
        return new RefusedMessageException(
                reason,
                answer.site() + ", " + answer.place() + ": an answer in the stage of " + answer.stage() + " " + rule
                        + ". Provided value: " + value);
    }
}
