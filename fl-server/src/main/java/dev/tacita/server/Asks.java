package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage.EarlierRound;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.RoundKey;
import java.util.Map;
import java.util.Optional;

/** Which round each site answers in one that is open. */
final class Asks {
    private final RoundOpened round;
    private final Map<SiteId, RoundOpened> earlier;

    private Asks(RoundOpened round, Map<SiteId, RoundOpened> earlier) {
        this.round = round;
        this.earlier = Map.copyOf(earlier);
    }

    /** Each site answers the open round. */
    static Asks of(RoundOpened round) {
        return new Asks(round, Map.of());
    }

    /** Each site answers the round that it was asked last. */
    static Asks of(RoundOpened round, Map<SiteId, RoundOpened> last) {
        return new Asks(round, last);
    }

    /** What the site answers. */
    RoundKey place(SiteId site) {
        return asked(site).place();
    }

    /** What the site answers, if that is not the open round. */
    Optional<EarlierRound> earlier(SiteId site) {
        RoundKey place = place(site);
        return place.equals(round.place())
                ? Optional.empty()
                : Optional.of(new EarlierRound(place.round(), place.attempt()));
    }

    /** How many steps were taken since the site was asked. */
    int steps(SiteId site) {
        return round.place().round() - place(site).round();
    }

    private RoundOpened asked(SiteId site) {
        return earlier.getOrDefault(site, round);
    }
}
