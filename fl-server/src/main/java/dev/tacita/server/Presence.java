package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.wire.SiteMessage.Hello;
import java.time.Instant;

/**
 * A site that is there.
 *
 * @param hello what it said last
 * @param since when
 */
public record Presence(Hello hello, Instant since) {
    public Presence {
        requireNonNull(hello, "hello is null");
        requireNonNull(since, "since is null");
    }

    /** Whether it offers a dataset of this name. */
    public boolean offers(String dataset) {
        return hello.datasets().stream().anyMatch(offer -> offer.name().equals(dataset));
    }
}
