package dev.tacita.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What the aggregator counts. */
final class AggregatorMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger sitesPresent = new AtomicInteger();
    private final AtomicInteger runsOpen = new AtomicInteger();

    AggregatorMetrics(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("tacita.sites.present", sitesPresent);
        registry.gauge("tacita.runs.open", runsOpen);
    }

    /** A message was refused. */
    void refused(String reason) {
        registry.counter("tacita.messages.refused", "reason", reason).increment();
    }

    /** A message was taken in. */
    void received(String channel, int bytes) {
        registry.counter("tacita.messages.received", "channel", channel).increment();
        registry.counter("tacita.bytes.received", "channel", channel).increment(bytes);
    }

    /** An attempt at a round ended. */
    void roundClosed(String purpose, String outcome, Duration took, int contributions) {
        Timer.builder("tacita.round.seconds")
                .tag("purpose", purpose)
                .tag("outcome", outcome)
                .register(registry)
                .record(took);
        registry.counter("tacita.contributions.counted").increment(contributions);
    }

    /** A sum had to be computed again from the log. */
    void rebuilt() {
        registry.counter("tacita.sums.rebuilt").increment();
    }

    /** Something failed that never should. */
    void unexpected() {
        registry.counter("tacita.errors.unexpected").increment();
    }

    /** A site was left out because it did not answer in time. */
    void pruned() {
        registry.counter("tacita.sites.pruned").increment();
    }

    /** How things stand. */
    void now(int sites, int runs) {
        sitesPresent.set(sites);
        runsOpen.set(runs);
    }
}
