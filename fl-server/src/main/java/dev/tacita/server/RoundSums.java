package dev.tacita.server;

import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
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

    /** Of a run's open round. */
    RoundSum of(RunState run, RunPlan plan) throws InterruptedException {
        OpenRound round = run.open().orElseThrow();
        RoundOpened opened = round.opened();
        if (plan.protection() instanceof SecureAggregation protection) {
            return SecureRound.open(round, plan, protection, secure.orElseGet(RoundSums::nobody), transport);
        }
        if (plan.algorithm() instanceof FedBuff algorithm && opened.purpose() == Purpose.TRAIN) {
            return new BufferedRound(plain(opened, Asks.of(opened, run.asks()), plan), algorithm.buffer());
        }
        return plain(opened, Asks.of(opened), plan);
    }

    private PlainRound plain(RoundOpened round, Asks asks, RunPlan plan) {
        return new PlainRound(round, asks, plan, transport, metrics, exact);
    }

    /** An aggregator that was started again without its keys cannot go on with an attempt, which ends without a sum. */
    private static SecureSettings nobody() {
        return new SecureSettings(AggregatorKey.generate(), SiteRegistry.of(Map.of()));
    }
}
