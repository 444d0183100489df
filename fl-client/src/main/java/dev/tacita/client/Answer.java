package dev.tacita.client;

import dev.tacita.core.learning.ProtectedUpdate;
import dev.tacita.wire.SharedMetrics;

/** What a site has to say in a round. */
sealed interface Answer {
    /** What was learnt. */
    record Update(ProtectedUpdate update, SharedMetrics metrics) implements Answer {}

    /** How good the model is, as far as the policy lets that out. */
    record Metrics(SharedMetrics metrics) implements Answer {}

    /** The work failed, for a reason that may leave the site. */
    record Failed(String reason) implements Answer {}
}
