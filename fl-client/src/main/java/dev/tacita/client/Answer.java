package dev.tacita.client;

import dev.tacita.core.learning.ProtectedUpdate;
import dev.tacita.secureagg.Contribution;
import dev.tacita.wire.SharedMetrics;
import java.util.OptionalDouble;

/** What a site has to say in a round. */
sealed interface Answer {
    /** What was learnt, and what the run has revealed of the site by then if noise bounds it. */
    record Update(ProtectedUpdate update, SharedMetrics metrics, OptionalDouble epsilon) implements Answer {}

    /** What is learnt, and how good the model is, to be masked. */
    record Hidden(Contribution contribution) implements Answer {}

    /** How good the model is, as far as the policy lets that out. */
    record Metrics(SharedMetrics metrics) implements Answer {}

    /** The site takes no part in the run any more, for a reason that may leave the site. */
    record Refused(String reason) implements Answer {}

    /** The work failed, for a reason that may leave the site. */
    record Failed(String reason) implements Answer {}
}
