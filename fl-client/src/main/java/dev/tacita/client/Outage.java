package dev.tacita.client;

import dev.tacita.core.SiteId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each outage of the broker once when it begins and once when it is over; for several threads. */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final SiteId site;
    private boolean ongoing;

    Outage(SiteId site) {
        this.site = site;
    }

    synchronized void began(RuntimeException cause) {
        if (!ongoing) {
            ongoing = true;
            LOG.warn("{}: the federation cannot be reached; trying again until it can. {}", site, cause.getMessage());
        }
    }

    synchronized void over() {
        if (ongoing) {
            ongoing = false;
            LOG.info("{}: the federation can be reached again", site);
        }
    }
}
