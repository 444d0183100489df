package dev.tacita.wire;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ProtectedUpdate;
import dev.tacita.core.learning.Protection;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The messages of one contribution, in the order in which they must be sent. Each frame is made when the list is asked
 * for it and not kept, so that an update of gigabytes is held once.
 */
public final class ContributionMessages {
    private ContributionMessages() {}

    /** A header and chunks: the answer to a training round. The update must not change while the list is in use. */
    public static List<Frame> training(
            RoundKey place,
            SiteId site,
            String session,
            ProtectedUpdate update,
            SharedMetrics metrics,
            double seconds,
            OptionalDouble epsilon) {
        float[] payload = update.payload();
        TensorHeader tensor = Tensors.header(payload);
        ContributionHeader header = new ContributionHeader(
                place,
                site,
                session,
                update.protection(),
                update.weight(),
                Optional.of(tensor),
                metrics.training(),
                metrics.validation(),
                metrics.test(),
                seconds,
                epsilon);
        return new LazyList<>(
                1 + tensor.chunks().size(),
                i -> MessageCodec.encode(
                        i == 0 ? header : new ContributionChunk(place, site, session, Tensors.chunk(payload, i - 1))));
    }

    /** A header alone: the answer to an evaluation. */
    public static List<Frame> evaluation(
            RoundKey place, SiteId site, String session, Protection protection, SharedMetrics metrics, double seconds) {
        return List.of(MessageCodec.encode(new ContributionHeader(
                place,
                site,
                session,
                protection,
                0,
                Optional.empty(),
                metrics.training(),
                metrics.validation(),
                metrics.test(),
                seconds,
                OptionalDouble.empty())));
    }
}
