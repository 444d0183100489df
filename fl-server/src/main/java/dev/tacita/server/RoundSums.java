package dev.tacita.server;

import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.wire.Transport;
import java.util.Map;
import java.util.Optional;

/** Begins the sums of rounds, each under the protection of its plan. */
final class RoundSums {
    private final Transport transport;
    private final AggregatorMetrics metrics;
    private final ExactSum exact;
    private final Optional<SecureSettings> secure;

    RoundSums(Transport transport, AggregatorMetrics metrics, ExactSum exact, Optional<SecureSettings> secure) {
        this.transport = transport;
        this.metrics = metrics;
        this.exact = exact;
        this.secure = secure;
    }

    RoundSum of(OpenRound round, RunPlan plan) throws InterruptedException {
        return plan.protection() instanceof SecureAggregation protection
                ? SecureRound.open(round, plan, protection, secure.orElseGet(RoundSums::nobody), transport)
                : new PlainRound(round.opened(), plan, transport, metrics, exact);
    }

    /** An aggregator that was started again without its keys cannot go on with an attempt, which ends without a sum. */
    private static SecureSettings nobody() {
        return new SecureSettings(AggregatorKey.generate(), SiteRegistry.of(Map.of()));
    }
}
